import { Agent, request } from 'node:http'
import Fastify from 'fastify'
import { Redis, type Result } from 'ioredis'
import pg from 'pg'
import { viewColumns } from '../../db/creatives.ts'
import { SignupBody } from '../../src/schemas/login.ts'

declare module 'ioredis' {
  interface RedisCommander<Context> {
    record (key: string, value: string): Result<string, Context>
  }
}

/**
 * The ceiling that the service is compared with: a bare Fastify server with the same requests.
 * /protected only answers; /signup checks the body and asks Redis once; /signup-sent also posts to the carrier before it answers;
 * /scheduled asks PostgreSQL once, by an index.
 */
const { PORT, REDIS_URL, DATABASE_URL, CARRIER_URL } = process.env
const server = Fastify({ ajv: { customOptions: { formats: { 'language-tag': true } } } })

const answer = { type: 'object', properties: { data: { type: 'string' } } }
server.get('/protected', { schema: { response: { 200: answer } } }, async () => ({ data: 'Protected' }))

const redis = new Redis(REDIS_URL ?? '')
redis.defineCommand('record', { numberOfKeys: 1, lua: "return redis.call('SET', KEYS[1], ARGV[1], 'EX', 300)" })
const signup = { schema: { body: SignupBody, response: { 200: answer } } }
server.post<{ Body: { phone_number: string } }>('/signup', signup, async ({ body }) => ({
  data: await redis.record(body.phone_number, 'asked')
}))

const agent = new Agent({ keepAlive: true, maxSockets: 64 })
const postOnce = async (body: string) => await new Promise<void>((resolve, reject) => {
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) }
  request(CARRIER_URL ?? '', { agent, method: 'POST', headers }, (response) => { response.on('end', resolve).on('error', reject).resume() })
    .on('error', reject).end(body)
})
server.post<{ Body: { phone_number: string } }>('/signup-sent', signup, async ({ body }) => {
  const data = await redis.record(body.phone_number, 'asked')
  await postOnce(new URLSearchParams({ To: body.phone_number, Body: 'Your code is 123456' }).toString())
  return { data }
})

const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 16 })
const columns = viewColumns.filter((name) => name !== 'sha256').join()
const due = {
  name: 'due',
  text: `select ${columns} from creatives where scheduled_at >= $1 and scheduled_at <= $2 and deleted_at is null order by scheduled_at, id desc limit 200`
}
server.get<{ Querystring: { from: string, to: string } }>('/scheduled', async ({ query }) => (await pool.query({
  ...due, values: [query.from, query.to]
})).rows)

await server.listen({ host: '127.0.0.1', port: Number(PORT) })
