import { sql, CompiledQuery, type Kysely } from 'kysely'
import type { Database, User } from './schema.ts'

export interface TokenUser extends User {
  /** SHA-256 of the token that it was found by, in hex. */
  hash: string
}

// Written out, since compiling it anew each event-loop turn would cost more than running it.
const findByHash = `
  select encode(tokens.hash, 'hex') as hash, users.id, users.created_at, users.name, users.phone_number, users.version
  from tokens join users on users.id = tokens.user_id
  where tokens.hash = any($1::bytea[]) and tokens.scope = $2 and tokens.expiry > $3`

/** The users of all these tokens that are in force, in one query; hashes go as hex, which costs less on the way than buffers. */
export async function findUsersByTokens (
  db: Kysely<Database>, hashes: readonly string[], { scope, now }: { scope: string, now: Date }
): Promise<TokenUser[]> {
  const { rows } = await db.executeQuery(CompiledQuery.raw(findByHash, [`{${hashes.map((hash) => `"\\\\x${hash}"`).join()}}`, scope, now]))
  return rows as TokenUser[]
}

/** Ends all of a user's sessions of one scope; returns how many there were. */
export async function deleteTokensOfUser (db: Kysely<Database>, userId: number, scope: string): Promise<number> {
  const { numAffectedRows } = await sql`delete from tokens where user_id = ${userId} and scope = ${scope}`.execute(db)
  return Number(numAffectedRows)
}
