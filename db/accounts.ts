import { sql, type Kysely, type UpdateObject } from 'kysely'
import { deleteDevices } from './devices.ts'
import type { Database, PhoneChangeTable, User } from './schema.ts'
import { deleteSessions, type SessionsOf } from './sessions.ts'
import { lockUsage } from './images.ts'

export async function findUser (db: Kysely<Database>, id: number): Promise<User | undefined> {
  return await db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst()
}

/** `null` for a user without one, `undefined` where there is no user. */
export async function findTimeZone (db: Kysely<Database>, userId: number): Promise<string | null | undefined> {
  const found = await db.selectFrom('users').select('time_zone').where('id', '=', userId).executeTakeFirst()
  return found?.time_zone
}

/** Changes a user whose version is still the given one; `undefined` where it is not. */
export async function updateUser (
  db: Kysely<Database>, { id, version, changes }: { id: number, version: number, changes: UpdateObject<Database, 'users'> }
): Promise<User | undefined> {
  return await db.updateTable('users').set({ ...changes, version: sql`version + 1` })
    .where('id', '=', id).where('version', '=', version).returningAll().executeTakeFirst()
}

export type PendingChange = Pick<PhoneChangeTable, 'secret_id' | 'sealed_phone' | 'requested_at'>
const changeColumns = ['secret_id', 'sealed_phone', 'requested_at'] as const

/** The number that a user asked to move to, if there is one. */
export async function findPhoneChange (db: Kysely<Database>, userId: number): Promise<PendingChange | undefined> {
  return await db.selectFrom('phone_changes').select(changeColumns).where('user_id', '=', userId).executeTakeFirst()
}

/** The database's foreign key violation (23503) where there is no such user any more. */
export async function keepPhoneChange (db: Kysely<Database>, { user_id: userId, ...values }: PhoneChangeTable): Promise<void> {
  await db.insertInto('phone_changes').values({ user_id: userId, ...values })
    .onConflict((conflict) => conflict.column('user_id').doUpdateSet(values)).execute()
}

/** Returns what was pending. */
export async function deletePhoneChange (db: Kysely<Database>, userId: number): Promise<PendingChange | undefined> {
  return await db.deleteFrom('phone_changes').where('user_id', '=', userId).returning(changeColumns).executeTakeFirst()
}

export interface PhoneMove extends SessionsOf {
  phoneNumber: string
  /** All sessions but this one end. */
  sessionId: number
}

/**
 * Moves an account to another number, ends its other sessions and its known devices, and what was pending, all at once.
 * `undefined` where there is no such user; the database's unique violation (23505) where the number is taken.
 */
export async function changePhone (db: Kysely<Database>, { phoneNumber, sessionId, ...sessions }: PhoneMove): Promise<User | undefined> {
  const { userId } = sessions
  return await db.transaction().execute(async (transaction) => {
    // A login that is storing its session holds the row: what deletes below must see that session.
    const moved = await transaction.updateTable('users').set({ phone_number: phoneNumber, version: sql`version + 1` })
      .where('id', '=', userId).returningAll().executeTakeFirst()
    await deleteSessions(transaction, sessions, { except: sessionId })
    await deleteDevices(transaction, userId)
    await deletePhoneChange(transaction, userId)
    return moved
  })
}

/** Deletes a user with all rows; returns the keys of the images whose blobs may go. Those of uploads under way go with their upload. */
export async function deleteUser (db: Kysely<Database>, id: number): Promise<string[]> {
  return await db.transaction().execute(async (transaction) => {
    await lockUsage(transaction, id)
    // Holds off sessions and uploads of the same user until the rows are gone.
    await transaction.selectFrom('users').select('id').where('id', '=', id).forUpdate().execute()
    await transaction.deleteFrom('creatives').where('user_id', '=', id).execute()
    const images = await transaction.updateTable('images').set({ state: 'discarded', quota_bytes: 0, settled_at: sql`now()` })
      .where('user_id', '=', id).where('state', '<>', 'pending').returning('key').execute()
    await transaction.deleteFrom('users').where('id', '=', id).execute()
    return images.map(({ key }) => key)
  })
}
