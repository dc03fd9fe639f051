import { CompiledQuery, type Kysely } from 'kysely'
import { listSpellings } from '../src/domain/auth/earlier-spellings.ts'
import type { Database } from './schema.ts'

/** A token to store. Its columns hold whole seconds. */
export interface NewToken {
  /** SHA-256 of the token. */
  hash: Buffer
  scope: string
  /** The moment of the login, which is also the first use. */
  createdAt: Date
  expiry: Date
  /** Use extends `expiry` up to this moment. */
  finalExpiry: Date
  userAgent: string | null
  /** Masked. */
  address: string | null
}

/** A session as it was when it was read. Times are milliseconds since the epoch. */
export interface Session {
  /** Public: it reveals nothing about the token. */
  id: number
  userId: number
  startedAt: number
  lastUsedAt: number
  expiresAt: number
  /** Use extends `expiresAt` up to this moment. */
  finalExpiresAt: number
}

/** The part of a pool's connection that finding sessions needs. */
export interface Connection {
  query<Row> (text: string, values: readonly unknown[]): Promise<{ rows: Row[] }>
}

/** SQL for the Unix seconds of a column. It avoids extract(epoch from ...), which computes with the slow type numeric. */
const seconds = (column: string) => `date_part('epoch', ${column})::bigint`

// This bypasses Kysely, whose steps add a quarter to the time of the query, and returns one JSON value, which is parsed several
// times faster than rows of columns; `npm run bench` measures both as the rate of authenticated requests. The planner knows
// neither the hashes nor their number; without "offset 0" it may read all valid tokens instead.
const findByHash = `
  select array_to_json(array_agg(array[
    requested.position, tokens.id, user_id,
    ${seconds('created_at')}, ${seconds('last_used_at')}, ${seconds('expiry')}, ${seconds('final_expiry')}
  ])) as found
  from unnest($1::bytea[]) with ordinality as requested (hash, position)
    cross join lateral (select * from tokens where hash = requested.hash offset 0) as tokens
  where scope = $2 and expiry > $3`

type Found = [position: number, id: number, userId: number, created: number, lastUsed: number, expiry: number, finalExpiry: number]

/**
 * Finds the valid sessions of tokens by their SHA-256 in hex, with one query for all. The result has each session at the
 * index of its token.
 */
export async function findSessions (
  connection: Connection, hashes: readonly string[], { scope, now }: { scope: string, now: Date }
): Promise<Array<Session | undefined>> {
  const { rows } = await connection.query<{ found: Found[] | null }>(findByHash, [
    `{${hashes.map((hash) => `"\\\\x${hash}"`).join()}}`, scope, now
  ])
  const sessions = new Array<Session | undefined>(hashes.length).fill(undefined)
  for (const [position, id, userId, created, lastUsed, expiry, finalExpiry] of rows[0]?.found ?? []) {
    sessions[position - 1] = {
      id, userId, startedAt: created * 1000, lastUsedAt: lastUsed * 1000, expiresAt: expiry * 1000, finalExpiresAt: finalExpiry * 1000
    }
  }
  return sessions
}

const findById = `
  select tokens.id, user_id, ${seconds('created_at')} as created, ${seconds('last_used_at')} as used,
    ${seconds('expiry')} as expiry, ${seconds('final_expiry')} as final_expiry
  from tokens where id = any($1::bigint[]) and scope = $2 and expiry > $3`

interface FoundById { id: number, user_id: number, created: number, used: number, expiry: number, final_expiry: number }

/** Finds valid sessions by their ids, with one query for all. The result has each session at the index of its id. */
export async function findSessionsById (
  connection: Connection, ids: readonly number[], { scope, now }: { scope: string, now: Date }
): Promise<Array<Session | undefined>> {
  const { rows } = await connection.query<FoundById>(findById, [ids, scope, now])
  const sessions = new Map(rows.map(({ id, user_id: userId, created, used, expiry, final_expiry: finalExpiry }) => [id, {
    id, userId, startedAt: created * 1000, lastUsedAt: used * 1000, expiresAt: expiry * 1000, finalExpiresAt: finalExpiry * 1000
  }]))
  return ids.map((id) => sessions.get(id))
}

export interface Use {
  sessionId: number
  /** Unix seconds */
  usedAt: number
}

// Locks the rows in the order of their ids: two instances that wrote the same uses in different orders would deadlock.
const extend = `
  with used as (
    select tokens.id, to_timestamp(recorded.used_at) as used_at
    from unnest($1::bigint[], $2::bigint[]) as recorded (id, used_at) join tokens on tokens.id = recorded.id
    where last_used_at < to_timestamp(recorded.used_at) order by tokens.id for update of tokens
  )
  update tokens set
    last_used_at = greatest(last_used_at, used.used_at),
    expiry = greatest(expiry, least(used.used_at + $3 * interval '1 second', final_expiry))
  from used where tokens.id = used.id`

/**
 * Records the last use of tokens and extends each to `ttlSeconds` after it, up to its final expiry. The order of writes does
 * not matter: neither `last_used_at` nor `expiry` ever moves back. A deleted token stays deleted.
 */
export async function extendTokens (db: Kysely<Database>, uses: readonly Use[], ttlSeconds: number): Promise<void> {
  await db.executeQuery(CompiledQuery.raw(extend, [uses.map(({ sessionId }) => sessionId), uses.map(({ usedAt }) => usedAt), ttlSeconds]))
}

const findDevice = `
  select from device_tokens join users on users.id = device_tokens.user_id
  where hash = $1 and phone_number = any($2) and expiry > $3`

/** Returns whether a device token is valid and belongs to the owner of the number, in any spelling. */
export async function isDeviceOf (
  db: Kysely<Database>, { hash, phoneNumber, now }: { hash: Buffer, phoneNumber: string, now: Date }
): Promise<boolean> {
  const { rows } = await db.executeQuery(CompiledQuery.raw(findDevice, [hash, listSpellings(phoneNumber), now]))
  return rows.length > 0
}

/** Deletes the trusted devices of a user. */
export async function deleteDevices (db: Kysely<Database>, userId: number): Promise<void> {
  await db.deleteFrom('device_tokens').where('user_id', '=', userId).execute()
}
