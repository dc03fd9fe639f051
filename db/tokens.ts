import { sql, CompiledQuery, type Kysely } from 'kysely'
import type { Database } from './schema.ts'

/** Who is signed in, as far as a request must know. */
export interface Session {
  userId: number
}

// Written out, since compiling it anew each event-loop turn would cost more than running it; and one JSON
// value, which is read several times faster than rows of columns.
const findByHash = `
  select json_agg(json_build_array(asked.place, user_id)) as found
  from unnest($1::bytea[]) with ordinality as asked (hash, place) join tokens on tokens.hash = asked.hash
  where scope = $2 and expiry > $3`

type Found = [place: number, userId: number]

/**
 * The sessions of all these tokens, given by their SHA-256 in hex, that are in force: one query for all,
 * and each session in the place of its token.
 */
export async function findSessions (
  db: Kysely<Database>, hashes: readonly string[], { scope, now }: { scope: string, now: Date }
): Promise<Array<Session | undefined>> {
  const { rows } = await db.executeQuery(CompiledQuery.raw(findByHash, [`{${hashes.map((hash) => `"\\\\x${hash}"`).join()}}`, scope, now]))
  const sessions = new Array<Session | undefined>(hashes.length)
  for (const [place, userId] of (rows as Array<{ found: Found[] | null }>)[0]?.found ?? []) sessions[place - 1] = { userId }
  return sessions
}

/** Ends all of a user's sessions of one scope; returns how many there were. */
export async function deleteTokensOfUser (db: Kysely<Database>, userId: number, scope: string): Promise<number> {
  const { numAffectedRows } = await sql`delete from tokens where user_id = ${userId} and scope = ${scope}`.execute(db)
  return Number(numAffectedRows)
}
