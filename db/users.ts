import { CompiledQuery, sql, type Kysely, type UpdateObject } from 'kysely'
import { lockUsage } from './images.ts'
import type { Database, PhoneChangeTable, User } from './schema.ts'
import { deleteSessions, type SessionsOf } from './sessions.ts'
import { deleteDevices, type NewToken } from './tokens.ts'

export interface Registration {
  phoneNumber: string
  /** Required for a number without an account; the name of an existing account never changes. */
  name: string | undefined
  /** Language of the SMS with the code, if it is known. */
  language?: string | undefined
  token: NewToken
  /** Device token of the client, new or sent with the code. */
  device: { hash: Buffer, expiry: Date }
  /** Registered by the fixed code of a test number, which opens only accounts that such a code created. */
  isTest: boolean
  /** The `sessions_epoch` of the account before the code was verified, or 0. If all sessions have ended since, no session begins. */
  sessionsEpoch: number
}

export interface RegisteredUser extends Pick<User, 'id' | 'created_at' | 'name' | 'phone_number' | 'version' | 'is_test'> {
  is_new: boolean
}

// Both statements are written as text, because building them for each query costs more than the round trip. `npm run bench`
// measures it as the rate of sign-ups.
const find = 'select is_test, sessions_epoch from users where phone_number = $1'

export type Account = Pick<User, 'is_test' | 'sessions_epoch'>

/** Returns the fields of an account that a login needs; `undefined` for a number without an account. */
export async function findAccount (db: Kysely<Database>, phoneNumber: string): Promise<Account | undefined> {
  const { rows } = await db.executeQuery(CompiledQuery.raw(find, [phoneNumber]))
  return rows[0] as Account | undefined
}

const register = `
  with existing as (
    -- Waits for a transaction that moves the account, ends its sessions or deletes it, and reads the row again after it.
    select id, created_at, name, phone_number, version, is_test, sessions_epoch, false as is_new
    from users where phone_number = $1 for share
  ), created as (
    insert into users (name, phone_number, is_test, language)
    select $2::text, $1, $6::boolean, $13::text where $2::text is not null and not exists (select from existing)
    -- Only a concurrent sign-up conflicts; the empty update makes its row visible.
    on conflict (phone_number) do update set phone_number = excluded.phone_number
    returning id, created_at, name, phone_number, version, is_test, sessions_epoch, xmax = 0 as is_new
  ), account as (
    select * from (select * from existing union all select * from created) as found
    where (is_test or not $6::boolean) and (is_new or sessions_epoch = $14)
  ), spoken as (
    -- A row that this statement created is not visible here, and already has its language.
    update users set language = $13::text from account
    where users.id = account.id and users.language is distinct from $13::text and $13::text is not null
  ), issued as (
    insert into tokens (hash, user_id, expiry, scope, created_at, last_used_at, final_expiry, user_agent, address)
    select $3::bytea, id, $4::timestamptz, $5, $9::timestamptz, $9::timestamptz, $10::timestamptz, $11, $12 from account
  ), known as (
    insert into device_tokens (hash, user_id, expiry) select $7::bytea, id, $8::timestamptz from account
    on conflict (hash) do update set expiry = excluded.expiry where device_tokens.user_id = excluded.user_id
  )
  select id, created_at, name, phone_number, version, is_test, is_new from account`

/**
 * Finds or creates the user and stores the token and the device token, in one statement: one round trip, and no race on the
 * unique number. Returns `undefined` and stores nothing if there is neither a user nor a name, if a test code meets a real
 * account, or if all sessions have ended since `sessionsEpoch` was read.
 */
export async function registerWithToken (db: Kysely<Database>, registration: Registration): Promise<RegisteredUser | undefined> {
  const { phoneNumber, name, language, token, device, isTest, sessionsEpoch } = registration
  const { hash, expiry, scope, createdAt, finalExpiry, userAgent, address } = token
  const values = [
    phoneNumber, name ?? null, hash, expiry, scope, isTest, device.hash, device.expiry, createdAt, finalExpiry, userAgent, address,
    language ?? null, sessionsEpoch
  ]
  const { rows } = await db.executeQuery(CompiledQuery.raw(register, values))
  return rows[0] as RegisteredUser | undefined
}

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
