import { CompiledQuery, type Kysely } from 'kysely'
import type { Database, User } from './schema.ts'
import type { NewToken } from './tokens.ts'

export interface Registration {
  phoneNumber: string
  /** Needed where the number has no account yet; never changes the name of one that has. */
  name: string | undefined
  token: NewToken
}

export interface RegisteredUser extends User {
  is_new: boolean
}

// Both are written out, as the look-up of tokens is: putting them together anew costs more than sending them.
const findId = 'select id from users where phone_number = $1'

export async function isRegistered (db: Kysely<Database>, phoneNumber: string): Promise<boolean> {
  const { rows } = await db.executeQuery(CompiledQuery.raw(findId, [phoneNumber]))
  return rows.length > 0
}

const register = `
  with existing as (
    select id, created_at, name, phone_number, version, false as is_new from users where phone_number = $1
  ), created as (
    insert into users (name, phone_number)
    select $2::text, $1 where $2::text is not null and not exists (select from existing)
    -- Only a racer gets here; the empty change makes its row visible.
    on conflict (phone_number) do update set phone_number = excluded.phone_number
    returning id, created_at, name, phone_number, version, xmax = 0 as is_new
  ), account as (
    select * from existing union all select * from created
  ), issued as (
    insert into tokens (hash, user_id, expiry, scope, created_at, last_used_at, final_expiry, user_agent, address)
    select $3::bytea, id, $4::timestamptz, $5, $6::timestamptz, $6::timestamptz, $7::timestamptz, $8, $9 from account
  )
  select * from account`

/**
 * Finds or creates the user and stores the token, in one statement: one round trip, and no race on the
 * unique number. `undefined` when there is no user and no name, and then nothing is stored.
 */
export async function registerWithToken (db: Kysely<Database>, { phoneNumber, name, token }: Registration): Promise<RegisteredUser | undefined> {
  const { hash, expiry, scope, createdAt, finalExpiry, userAgent, address } = token
  const values = [phoneNumber, name ?? null, hash, expiry, scope, createdAt, finalExpiry, userAgent, address]
  const { rows } = await db.executeQuery(CompiledQuery.raw(register, values))
  return rows[0] as RegisteredUser | undefined
}
