import { sql, type Kysely, type UpdateObject } from 'kysely'
import type { Database, User } from './schema.ts'

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

/** The number that a user is moving to, if there is one: the challenge that was sent to it. */
export async function findPhoneChange (db: Kysely<Database>, userId: number): Promise<string | undefined> {
  const found = await db.selectFrom('phone_changes').select('challenge_id').where('user_id', '=', userId).executeTakeFirst()
  return found?.challenge_id
}

export async function keepPhoneChange (
  db: Kysely<Database>, change: { userId: number, challengeId: string, requestedAt: Date }
): Promise<void> {
  const values = { challenge_id: change.challengeId, requested_at: change.requestedAt }
  await db.insertInto('phone_changes').values({ user_id: change.userId, ...values })
    .onConflict((conflict) => conflict.column('user_id').doUpdateSet(values)).execute()
}

/** Returns the challenge of what was pending. */
export async function deletePhoneChange (db: Kysely<Database>, userId: number): Promise<string | undefined> {
  const deleted = await db.deleteFrom('phone_changes').where('user_id', '=', userId).returning('challenge_id').executeTakeFirst()
  return deleted?.challenge_id
}

export interface PhoneMove {
  userId: number
  phoneNumber: string
  /** All sessions but this one end. */
  sessionId: number
  scope: string
}

/**
 * Moves an account to another number, ends its other sessions and what was pending, all at once.
 * `undefined` where there is no such user; the database's unique violation (23505) where the number is taken.
 */
export async function changePhone (db: Kysely<Database>, { userId, phoneNumber, sessionId, scope }: PhoneMove): Promise<User | undefined> {
  const { rows } = await sql<User>`
    with moved as (
      update users set phone_number = ${phoneNumber}, version = version + 1 where id = ${userId} returning *
    ), ended as (
      delete from tokens where user_id in (select id from moved) and scope = ${scope} and id <> ${sessionId}
    ), settled as (
      delete from phone_changes where user_id in (select id from moved)
    )
    select * from moved`.execute(db)
  return rows[0]
}

/** Deletes a user with all rows; returns the keys of the images that they pointed to. */
export async function deleteUser (db: Kysely<Database>, id: number): Promise<string[]> {
  return await db.transaction().execute(async (transaction) => {
    // Holds off uploads of the same user until the rows are gone.
    await transaction.selectFrom('users').select('id').where('id', '=', id).forUpdate().execute()
    const creatives = await transaction.deleteFrom('creatives').where('user_id', '=', id).returning('creative_url').execute()
    await transaction.deleteFrom('users').where('id', '=', id).execute()
    return creatives.map(({ creative_url: key }) => key)
  })
}
