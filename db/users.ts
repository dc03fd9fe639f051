import { CompiledQuery, type Kysely } from 'kysely'
import type { Database, User } from './schema.ts'
import type { NewToken } from './tokens.ts'

export interface Registration {
  phoneNumber: string
  /** Needed where the number has no account yet; never changes the name of one that has. */
  name: string | undefined
  /** Of the SMS with the code, where it is known. */
  language?: string | undefined
  token: NewToken
  /** The client's device token, new or sent with the code. */
  device: { hash: Buffer, expiry: Date }
  /** By the fixed code of a test number, which opens no account but those that such a code made. */
  isTest: boolean
  /** Of the account as it was before the code was taken; 0 where there was none. All sessions that ended since bar this one. */
  sessionsEpoch: number
}

export interface RegisteredUser extends Pick<User, 'id' | 'created_at' | 'name' | 'phone_number' | 'version' | 'is_test'> {
  is_new: boolean
}

// Both are written out, as the look-up of tokens is: putting them together anew costs more than sending them.
const find = 'select is_test, sessions_epoch from users where phone_number = $1'

export type Account = Pick<User, 'is_test' | 'sessions_epoch'>

/** What a login must know of the number's account, if it has one. */
export async function findAccount (db: Kysely<Database>, phoneNumber: string): Promise<Account | undefined> {
  const { rows } = await db.executeQuery(CompiledQuery.raw(find, [phoneNumber]))
  return rows[0] as Account | undefined
}

const register = `
  with existing as (
    -- Whatever moves the account, ends all its sessions or deletes it is waited for, and then looked at again.
    select id, created_at, name, phone_number, version, is_test, sessions_epoch, false as is_new from users where phone_number = $1 for share
  ), created as (
    insert into users (name, phone_number, is_test, language)
    select $2::text, $1, $6::boolean, $13::text where $2::text is not null and not exists (select from existing)
    -- Only a racer gets here; the empty change makes its row visible.
    on conflict (phone_number) do update set phone_number = excluded.phone_number
    returning id, created_at, name, phone_number, version, is_test, sessions_epoch, xmax = 0 as is_new
  ), account as (
    select * from (select * from existing union all select * from created) as found
    where (is_test or not $6::boolean) and (is_new or sessions_epoch = $14)
  ), spoken as (
    -- Not the row that was just made, which this statement does not see: it has its language.
    update users set language = $13::text from account where users.id = account.id and users.language is distinct from $13::text and $13::text is not null
  ), issued as (
    insert into tokens (hash, user_id, expiry, scope, created_at, last_used_at, final_expiry, user_agent, address)
    select $3::bytea, id, $4::timestamptz, $5, $9::timestamptz, $9::timestamptz, $10::timestamptz, $11, $12 from account
  ), known as (
    insert into device_tokens (hash, user_id, expiry) select $7::bytea, id, $8::timestamptz from account
    on conflict (hash) do update set expiry = excluded.expiry where device_tokens.user_id = excluded.user_id
  )
  select id, created_at, name, phone_number, version, is_test, is_new from account`

/**
 * Finds or creates the user and stores the token and the device token, in one statement: one round trip, and no race
 * on the unique number. `undefined` when there is no user and no name, a test code meets a real account, or all
 * sessions were ended meanwhile; then nothing is stored.
 */
export async function registerWithToken (db: Kysely<Database>, registration: Registration): Promise<RegisteredUser | undefined> {
  const { phoneNumber, name, language, token, device, isTest, sessionsEpoch } = registration
  const { hash, expiry, scope, createdAt, finalExpiry, userAgent, address } = token
  const values = [
    phoneNumber, name ?? null, hash, expiry, scope, isTest, device.hash, device.expiry, createdAt, finalExpiry, userAgent, address, language ?? null,
    sessionsEpoch
  ]
  const { rows } = await db.executeQuery(CompiledQuery.raw(register, values))
  return rows[0] as RegisteredUser | undefined
}
