import { sql, type Kysely, type UpdateObject } from 'kysely'
import { lockUsage } from './images.ts'
import type { Database, PhoneChangeTable, User } from './schema.ts'
import { deleteSessions, type SessionsOf } from './sessions.ts'
import { deleteDevices } from './tokens.ts'

export async function findUser (db: Kysely<Database>, id: number): Promise<User | undefined> {
  return await db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Returns the time zone of a user: `null` if none is set, `undefined` if there is no such user. */
export async function findTimeZone (db: Kysely<Database>, userId: number): Promise<string | null | undefined> {
  const found = await db.selectFrom('users').select('time_zone').where('id', '=', userId).executeTakeFirst()
  return found?.time_zone
}

/** Changes a user with the given version; `undefined` if the version is another one. */
export async function updateUser (
  db: Kysely<Database>, { id, version, changes }: { id: number, version: number, changes: UpdateObject<Database, 'users'> }
): Promise<User | undefined> {
  return await db.updateTable('users').set({ ...changes, version: sql`version + 1` })
    .where('id', '=', id).where('version', '=', version).returningAll().executeTakeFirst()
}

export type PendingChange = Pick<PhoneChangeTable, 'secret_id' | 'sealed_phone' | 'requested_at'>
const changeColumns = ['secret_id', 'sealed_phone', 'requested_at'] as const

/** Returns the pending change of number of a user, if there is one. */
export async function findPhoneChange (db: Kysely<Database>, userId: number): Promise<PendingChange | undefined> {
  return await db.selectFrom('phone_changes').select(changeColumns).where('user_id', '=', userId).executeTakeFirst()
}

/**
 * Stores the pending change of a user in place of an earlier one.
 * @throws the foreign key violation of the database (23503) if the user has been deleted
 */
export async function upsertPhoneChange (db: Kysely<Database>, { user_id: userId, ...values }: PhoneChangeTable): Promise<void> {
  await db.insertInto('phone_changes').values({ user_id: userId, ...values })
    .onConflict((conflict) => conflict.column('user_id').doUpdateSet(values)).execute()
}

/** Deletes the pending change of a user, and returns it. */
export async function deletePhoneChange (db: Kysely<Database>, userId: number): Promise<PendingChange | undefined> {
  return await db.deleteFrom('phone_changes').where('user_id', '=', userId).returning(changeColumns).executeTakeFirst()
}

export interface PhoneMove extends SessionsOf {
  phoneNumber: string
  /** The one session that does not end. */
  sessionId: number
}

/**
 * Moves an account to another number and deletes its other sessions, its trusted devices and the pending change, in one
 * transaction. Returns `undefined` if there is no such user.
 * @throws the unique violation of the database (23505) if another account has the number
 */
export async function changePhone (db: Kysely<Database>, { phoneNumber, sessionId, ...sessions }: PhoneMove): Promise<User | undefined> {
  const { userId } = sessions
  return await db.transaction().execute(async (transaction) => {
    // A concurrent login locks the row while it stores its session, so the statements below see that session.
    const moved = await transaction.updateTable('users').set({ phone_number: phoneNumber, version: sql`version + 1` })
      .where('id', '=', userId).returningAll().executeTakeFirst()
    await deleteSessions(transaction, sessions, { except: sessionId })
    await deleteDevices(transaction, userId)
    await deletePhoneChange(transaction, userId)
    return moved
  })
}

/**
 * Deletes a user with all rows, and returns the keys of the images whose blobs may be deleted. An upload in flight deletes its
 * own blobs.
 */
export async function deleteUser (db: Kysely<Database>, id: number): Promise<string[]> {
  return await db.transaction().execute(async (transaction) => {
    await lockUsage(transaction, id)
    // Blocks new sessions and uploads of the user until the rows are deleted.
    await transaction.selectFrom('users').select('id').where('id', '=', id).forUpdate().execute()
    await transaction.deleteFrom('creatives').where('user_id', '=', id).execute()
    const images = await transaction.updateTable('images').set({ state: 'discarded', quota_bytes: 0, settled_at: sql`now()` })
      .where('user_id', '=', id).where('state', '<>', 'pending').returning('key').execute()
    await transaction.deleteFrom('users').where('id', '=', id).execute()
    return images.map(({ key }) => key)
  })
}
