import { createServer } from 'node:http'
import Provider, { type Adapter } from 'oidc-provider'
import pg from 'pg'

/**
 * The peer that introspection is compared with: `oidc-provider`, whose opaque tokens are in the same PostgreSQL. GET /tokens returns
 * tokens that it has issued; POST /token/introspection takes the credentials of the environment.
 */
const { PORT, DATABASE_URL, CLIENT_ID: clientId = '', CLIENT_SECRET: clientSecret = '' } = process.env
const tokenCount = 1000

const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 16 })
await pool.query('create table if not exists oidc_records (id text primary key, payload jsonb not null, expiry timestamptz not null)')
const findRecord = { name: 'find', text: 'select payload from oidc_records where id = $1 and expiry > now()' }

class PostgresAdapter implements Adapter {
  readonly #kind: string

  constructor (kind: string) {
    this.#kind = kind
  }

  async upsert (id: string, payload: object, expiresIn: number): Promise<void> {
    await pool.query(`insert into oidc_records (id, payload, expiry) values ($1, $2, now() + $3 * interval '1 second')
      on conflict (id) do update set payload = excluded.payload, expiry = excluded.expiry`, [`${this.#kind}:${id}`, payload, expiresIn])
  }

  async find (id: string): Promise<object | undefined> {
    const { rows } = await pool.query<{ payload: object }>({ ...findRecord, values: [`${this.#kind}:${id}`] })
    return rows[0]?.payload
  }
}

const provider = new Provider(`http://127.0.0.1:${PORT}`, {
  adapter: PostgresAdapter,
  clients: [{
    client_id: clientId, client_secret: clientSecret, grant_types: ['client_credentials'], redirect_uris: [], response_types: []
  }],
  features: { introspection: { enabled: true }, clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
  ttl: { AccessToken: 86_400 }
})

const client = await provider.Client.find(clientId)
const tokens = JSON.stringify(await Promise.all(Array.from({ length: tokenCount }, async (_none, index) =>
  await new provider.AccessToken({ client, accountId: String(index), scope: 'openid' }).save())))

const answer = provider.callback()
createServer((request, response) => {
  if (request.url === '/tokens') response.setHeader('content-type', 'application/json').end(tokens)
  else answer(request, response)
}).listen(Number(PORT), '127.0.0.1')
