import { sql, type Kysely, type NotNull, type UpdateObject } from 'kysely'
import { lockUsage } from './images.ts'
import { cutToSecond } from './moments.ts'
import type { Database, PhoneChangeTable, User } from './schema.ts'

/** Returns a user; `undefined` also for an account that has lost its number. */
export async function findUser (db: Kysely<Database>, id: number): Promise<User | undefined> {
  return await db.selectFrom('users').selectAll().where('id', '=', id).where('phone_number', 'is not', null)
    .$narrowType<{ phone_number: NotNull }>().executeTakeFirst()
}

/** What a JWT may tell about a user. */
export type Holder = Pick<User, 'id' | 'name' | 'phone_number' | 'is_test'>

/** Finds users with one query. The result has each user at the index of its id; `undefined` also for one without a number. */
export async function findHolders (db: Kysely<Database>, ids: readonly number[]): Promise<Array<Holder | undefined>> {
  const rows = await db.selectFrom('users').select(['id', 'name', 'phone_number', 'is_test'])
    .where(sql<boolean>`id = any(${ids}::bigint[])`).where('phone_number', 'is not', null)
    .$narrowType<{ phone_number: NotNull }>().execute()
  const users = new Map(rows.map((user) => [user.id, user]))
  return ids.map((id) => users.get(id))
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
    .where('id', '=', id).where('version', '=', version).where('phone_number', 'is not', null)
    .returningAll().$narrowType<{ phone_number: NotNull }>().executeTakeFirst()
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
export async function upsertPhoneChange (
  db: Kysely<Database>, { user_id: userId, requested_at: requestedAt, ...sealed }: PhoneChangeTable
): Promise<void> {
  const values = { ...sealed, requested_at: cutToSecond(requestedAt) }
  await db.insertInto('phone_changes').values({ user_id: userId, ...values })
    .onConflict((conflict) => conflict.column('user_id').doUpdateSet(values)).execute()
}

/** Deletes the pending change of a user, and returns it. */
export async function deletePhoneChange (db: Kysely<Database>, userId: number): Promise<PendingChange | undefined> {
  return await db.deleteFrom('phone_changes').where('user_id', '=', userId).returning(changeColumns).executeTakeFirst()
}

export interface DeletedUser {
  /** False if there was no such user. */
  isDeleted: boolean
  /** The keys of the images whose blobs may be deleted. */
  images: string[]
}

/** Deletes a user with all rows. An upload in flight deletes its own blobs. */
export async function deleteUser (db: Kysely<Database>, id: number): Promise<DeletedUser> {
  return await db.transaction().execute(async (transaction) => {
    await lockUsage(transaction, id)
    // Blocks new sessions and uploads of the user until the rows are deleted.
    await transaction.selectFrom('users').select('id').where('id', '=', id).forUpdate().execute()
    await transaction.deleteFrom('creatives').where('user_id', '=', id).execute()
    const images = await transaction.updateTable('images').set({ state: 'discarded', quota_bytes: 0, settled_at: sql`now()` })
      .where('user_id', '=', id).where('state', '<>', 'pending').returning('key').execute()
    const { numDeletedRows } = await transaction.deleteFrom('users').where('id', '=', id).executeTakeFirstOrThrow()
    return { isDeleted: numDeletedRows === 1n, images: images.map(({ key }) => key) }
  })
}
