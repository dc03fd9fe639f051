import { CompiledQuery, type Kysely } from 'kysely'
import type { Database } from './schema.ts'

/** A token to be stored. Its times go into columns of whole seconds. */
export interface NewToken {
  /** SHA-256 of the token. */
  hash: Buffer
  scope: string
  /** The login, which is also the first use. */
  createdAt: Date
  expiry: Date
  /** Use extends `expiry` up to here. */
  finalExpiry: Date
  userAgent: string | null
  /** Masked. */
  address: string | null
}

/** Who is signed in, and for how long. Times in milliseconds since the epoch, as they were when it was looked up. */
export interface Session {
  /** Public; tells nothing about the token. */
  id: number
  userId: number
  startedAt: number
  lastUsedAt: number
  expiresAt: number
  /** Use extends `expiresAt` up to here. */
  finalExpiresAt: number
}

/** Of a connection as the pool lends it, what finding sessions needs. */
export interface Connection {
  query<Row> (text: string, values: readonly unknown[]): Promise<{ rows: Row[] }>
}

/** What extract(epoch from ...) says, without its detour over numeric. */
const seconds = (column: string) => `date_part('epoch', ${column})::bigint`

// Written out and sent past Kysely, whose steps would add a quarter to it; and one JSON
// value, which is read several times faster than rows of columns. Without "offset 0" the planner, who knows neither
// the hashes nor how many, may read all tokens in force instead.
const findByHash = `
  select array_to_json(array_agg(array[
    asked.place, tokens.id, user_id, ${seconds('created_at')}, ${seconds('last_used_at')}, ${seconds('expiry')}, ${seconds('final_expiry')}
  ])) as found
  from unnest($1::bytea[]) with ordinality as asked (hash, place)
    cross join lateral (select * from tokens where hash = asked.hash offset 0) as tokens
  where scope = $2 and expiry > $3`

type Found = [place: number, id: number, userId: number, created: number, lastUsed: number, expiry: number, finalExpiry: number]

/**
 * The sessions of all these tokens, given by their SHA-256 in hex, that are in force: one query for all,
 * and each session in the place of its token.
 */
export async function findSessions (
  connection: Connection, hashes: readonly string[], { scope, now }: { scope: string, now: Date }
): Promise<Array<Session | undefined>> {
  const { rows } = await connection.query<{ found: Found[] | null }>(findByHash, [`{${hashes.map((hash) => `"\\\\x${hash}"`).join()}}`, scope, now])
  const sessions = new Array<Session | undefined>(hashes.length)
  for (const [place, id, userId, created, lastUsed, expiry, finalExpiry] of rows[0]?.found ?? []) {
    sessions[place - 1] = {
      id, userId, startedAt: created * 1000, lastUsedAt: lastUsed * 1000, expiresAt: expiry * 1000, finalExpiresAt: finalExpiry * 1000
    }
  }
  return sessions
}

export interface Use {
  sessionId: number
  /** Unix seconds */
  usedAt: number
}

// Locked in one order first, or two instances that write the same uses in another would wait for each other for ever.
const extend = `
  with used as (
    select tokens.id, to_timestamp(noted.used_at) as used_at
    from unnest($1::bigint[], $2::bigint[]) as noted (id, used_at) join tokens on tokens.id = noted.id
    where last_used_at < to_timestamp(noted.used_at) order by tokens.id for update of tokens
  )
  update tokens set
    last_used_at = greatest(last_used_at, used.used_at),
    expiry = greatest(expiry, least(used.used_at + $3 * interval '1 second', final_expiry))
  from used where tokens.id = used.id`

/**
 * Notes when tokens were used last and lets each live `ttlSeconds` from then, within its final expiry. Whoever
 * writes last and with whatever, no use is taken back and no life shortened; a token that is gone stays gone.
 */
export async function extendTokens (db: Kysely<Database>, uses: readonly Use[], ttlSeconds: number): Promise<void> {
  await db.executeQuery(CompiledQuery.raw(extend, [uses.map(({ sessionId }) => sessionId), uses.map(({ usedAt }) => usedAt), ttlSeconds]))
}
