import { CompiledQuery, type Kysely } from 'kysely'
import { listSpellings } from '../src/domain/auth/earlier-spellings.ts'
import { cutToSecond } from './moments.ts'
import type { Database, User } from './schema.ts'
import type { NewToken } from './tokens.ts'

/** The fields of an account that a login needs. */
export type Account = Pick<User, 'phone_number' | 'is_test' | 'sessions_epoch'>

// Both statements are written as text, because building them for each query costs more than the round trip. `npm run bench`
// measures it as the cost of a whole login.
const find = 'select phone_number, is_test, sessions_epoch from users where phone_number = any($1)'

/**
 * Finds the accounts of numbers. Each has the index of its number; `undefined` for a number without an account. An account that was
 * registered under an old spelling of a number is found, too, unless another one has the current spelling.
 */
export async function findAccounts (db: Kysely<Database>, phoneNumbers: readonly string[]): Promise<Array<Account | undefined>> {
  const spellings = phoneNumbers.map(listSpellings)
  const { rows } = await db.executeQuery<Account>(CompiledQuery.raw(find, [spellings.flat()]))
  const accounts = new Map(rows.map((account) => [account.phone_number, account]))
  return spellings.map((each) => accounts.get(each.find((spelling) => accounts.has(spelling)) ?? ''))
}

/** A login with a right code. */
export interface Registration {
  /** SHA-256 of the id of the challenge. */
  challengeHash: Buffer
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

// The planner does not know how many logins there are. With "lateral" it looks each number up by the index, in the order of the
// numbers: two instances that locked or created the same accounts in different orders would deadlock.
const register = `
  with login as materialized (
    select * from json_to_recordset($1::json) as login (
      position int, challenge bytea, phone text, name text, language text, is_test boolean, epoch int, hash bytea, scope text,
      created_at timestamptz, expiry timestamptz, final_expiry timestamptz, user_agent text, address text,
      device bytea, trusted_until timestamptz
    )
  ), used as (
    insert into used_challenges (hash, used_at) select challenge, created_at from login order by challenge
    on conflict do nothing returning hash
  ), existing as (
    -- Waits for a transaction that moves the account, ends its sessions or deletes it, and reads the row again after it.
    select id, created_at, name, phone_number, version, is_test, sessions_epoch, false as is_new
    from (select phone from login order by phone) as sorted
      cross join lateral (select * from users where phone_number = sorted.phone for no key update) as users
  ), created as (
    insert into users (name, phone_number, is_test, language)
    select name, phone, is_test, language from login join used on used.hash = challenge
    where name is not null and phone not in (select phone_number from existing) order by phone
    -- Only a concurrent sign-up conflicts; the empty update makes its row visible.
    on conflict (phone_number) do update set phone_number = excluded.phone_number
    returning id, created_at, name, phone_number, version, is_test, sessions_epoch, xmax = 0 as is_new
  ), account as (
    select login.*, found.id, found.created_at as registered_at, found.name as current_name, version,
      found.is_test as has_test_account, is_new
    from (select * from existing union all select * from created) as found
      join login on phone = phone_number join used on used.hash = challenge
    where (found.is_test or not login.is_test) and (is_new or sessions_epoch = epoch)
  ), language_changed as (
    -- A row that this statement created is not visible here, and already has its language.
    update users set language = account.language from account
    where users.id = account.id and users.language is distinct from account.language and account.language is not null
  ), issued as (
    insert into tokens (hash, user_id, expiry, scope, created_at, last_used_at, final_expiry, user_agent, address)
    select hash, id, expiry, scope, created_at, created_at, final_expiry, user_agent, address from account
  ), device_trusted as (
    insert into device_tokens (hash, user_id, expiry) select device, id, trusted_until from account
    on conflict (hash) do update set expiry = excluded.expiry where device_tokens.user_id = excluded.user_id
  )
  select position, id, registered_at as created_at, current_name as name, phone as phone_number, version,
    has_test_account as is_test, is_new
  from account`

/**
 * Finds or creates the users and stores their tokens and device tokens, in one statement: one round trip, and no race on the
 * unique number. The numbers must differ. If the statement fails for one of them, nothing is stored for any.
 *
 * The result of each registration has its index. It is `undefined` if there is neither a user nor a name, if a test code meets a real
 * account, if all sessions have ended since `sessionsEpoch` was read, or if the challenge was used before. Then nothing is stored
 * except that the challenge was used.
 */
export async function registerWithTokens (
  db: Kysely<Database>, registrations: readonly Registration[]
): Promise<Array<RegisteredUser | undefined>> {
  const { rows } = await db.executeQuery<RegisteredUser & { position: number }>(
    CompiledQuery.raw(register, [JSON.stringify(registrations.map(toRow))])
  )
  const users = new Map(rows.map(({ position, ...user }) => [position, user]))
  return registrations.map((_registration, position) => users.get(position))
}

const toBytea = (bytes: Buffer) => `\\x${bytes.toString('hex')}`

/** Returns the fields of a login as the statement names them. An absent field is null. */
function toRow (
  { challengeHash, phoneNumber, name, language, token, device, isTest, sessionsEpoch }: Registration, position: number
) {
  const { hash, scope, createdAt, expiry, finalExpiry, userAgent, address } = token
  return {
    position,
    challenge: toBytea(challengeHash),
    phone: phoneNumber,
    name,
    language,
    is_test: isTest,
    epoch: sessionsEpoch,
    hash: toBytea(hash),
    scope,
    created_at: cutToSecond(createdAt),
    expiry,
    final_expiry: finalExpiry,
    user_agent: userAgent,
    address,
    device: toBytea(device.hash),
    trusted_until: device.expiry
  }
}
