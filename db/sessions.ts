import { CompiledQuery, sql, type Kysely, type Selectable } from 'kysely'
import type { Database, TokenTable } from './schema.ts'
import { deleteDevices } from './tokens.ts'

/** The sessions of a user in one scope. Those that expire after `now` are valid. */
export interface SessionsOf {
  userId: number
  scope: string
  now: Date
}

/** The columns of a session that its user may see. */
export const sessionColumns = ['id', 'created_at', 'last_used_at', 'expiry', 'user_agent', 'address'] as const
export type SessionRow = Pick<Selectable<TokenTable>, typeof sessionColumns[number]>

/** Lists the valid sessions, the latest use first. */
export async function listSessions (db: Kysely<Database>, { userId, scope, now }: SessionsOf, limit: number): Promise<SessionRow[]> {
  return await db.selectFrom('tokens').select(sessionColumns)
    .where('user_id', '=', userId).where('scope', '=', scope).where('expiry', '>', now)
    .orderBy('last_used_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
}

// Deletes expired sessions too: another instance may still write an earlier use, which would make one valid again. Locks the
// rows in the order of `extendTokens`, so that the two cannot deadlock.
const remove = `
  with chosen as (
    select id from tokens where user_id = $1 and scope = $2 and ($4::bigint is null or id = $4) and ($5::bigint is null or id <> $5)
    order by id for update
  ), ended as (
    delete from tokens using chosen where tokens.id = chosen.id returning expiry
  )
  select count(*) filter (where expiry > $3) as ended from ended`

/** Deletes the sessions of a user, `only` one or all `except` one, and returns how many of them were valid. */
export async function deleteSessions (
  db: Kysely<Database>, { userId, scope, now }: SessionsOf, { only, except }: { only?: number, except?: number } = {}
): Promise<number> {
  const { rows } = await db.executeQuery(CompiledQuery.raw(remove, [userId, scope, now, only ?? null, except ?? null]))
  return (rows as [{ ended: number }])[0].ended
}

/** Deletes all sessions and trusted devices of a user, bars logins in flight, and returns how many sessions were valid. */
export async function deleteAllSessions (db: Kysely<Database>, sessions: SessionsOf): Promise<number> {
  return await db.transaction().execute(async (transaction) => {
    await transaction.updateTable('users').set({ sessions_epoch: sql`sessions_epoch + 1` }).where('id', '=', sessions.userId).execute()
    await deleteDevices(transaction, sessions.userId)
    return await deleteSessions(transaction, sessions)
  })
}
