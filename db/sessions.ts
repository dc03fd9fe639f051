import { CompiledQuery, sql, type Kysely, type Selectable } from 'kysely'
import { deleteDevices } from './devices.ts'
import type { Database, TokenTable } from './schema.ts'

/** Whose sessions, of what kind, and the moment that divides those in force from those that are over. */
export interface SessionsOf {
  userId: number
  scope: string
  now: Date
}

/** What its user may see of a session. */
export const sessionColumns = ['id', 'created_at', 'last_used_at', 'expiry', 'user_agent', 'address'] as const
export type SessionRow = Pick<Selectable<TokenTable>, typeof sessionColumns[number]>

/** Those in force, the newest use first. */
export async function listSessions (db: Kysely<Database>, { userId, scope, now }: SessionsOf, limit: number): Promise<SessionRow[]> {
  return await db.selectFrom('tokens').select(sessionColumns)
    .where('user_id', '=', userId).where('scope', '=', scope).where('expiry', '>', now)
    .orderBy('last_used_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
}

// Those that are over go too: a use from before its end, which another instance has yet to write, must not bring one back.
// Locked in the order in which uses are written, so that neither waits for the other for ever.
const remove = `
  with chosen as (
    select id from tokens where user_id = $1 and scope = $2 and ($4::bigint is null or id = $4) and ($5::bigint is null or id <> $5)
    order by id for update
  ), ended as (
    delete from tokens using chosen where tokens.id = chosen.id returning expiry
  )
  select count(*) filter (where expiry > $3) as ended from ended`

/** Ends a user's sessions, `only` one of them or all `except` one; returns how many were in force. */
export async function deleteSessions (
  db: Kysely<Database>, { userId, scope, now }: SessionsOf, { only, except }: { only?: number, except?: number } = {}
): Promise<number> {
  const { rows } = await db.executeQuery(CompiledQuery.raw(remove, [userId, scope, now, only ?? null, except ?? null]))
  return (rows as [{ ended: number }])[0].ended
}

/** Ends all of a user's sessions and known devices, and bars the logins under way; returns how many were in force. */
export async function deleteAllSessions (db: Kysely<Database>, sessions: SessionsOf): Promise<number> {
  return await db.transaction().execute(async (transaction) => {
    await transaction.updateTable('users').set({ sessions_epoch: sql`sessions_epoch + 1` }).where('id', '=', sessions.userId).execute()
    await deleteDevices(transaction, sessions.userId)
    return await deleteSessions(transaction, sessions)
  })
}
