import { sql, type Kysely } from 'kysely'
import type { Database, User } from './schema.ts'

export interface Registration {
  phoneNumber: string
  /** Needed where the number has no account yet; never changes the name of one that has. */
  name: string | undefined
  token: { hash: Buffer, expiry: Date, scope: string }
}

export interface RegisteredUser extends User {
  is_new: boolean
}

export async function isRegistered (db: Kysely<Database>, phoneNumber: string): Promise<boolean> {
  return await db.selectFrom('users').select('id').where('phone_number', '=', phoneNumber).executeTakeFirst() !== undefined
}

/**
 * Finds or creates the user and stores the token, in one statement: one round trip, and no race on the
 * unique number. `undefined` when there is no user and no name, and then nothing is stored.
 */
export async function registerWithToken (db: Kysely<Database>, { phoneNumber, name, token }: Registration): Promise<RegisteredUser | undefined> {
  const { rows } = await sql<RegisteredUser>`
    with existing as (
      select id, created_at, name, phone_number, version, false as is_new from users where phone_number = ${phoneNumber}
    ), created as (
      insert into users (name, phone_number)
      select ${name ?? null}::text, ${phoneNumber} where ${name ?? null}::text is not null and not exists (select from existing)
      -- Only a racer gets here; the empty change makes its row visible.
      on conflict (phone_number) do update set phone_number = excluded.phone_number
      returning id, created_at, name, phone_number, version, xmax = 0 as is_new
    ), account as (
      select * from existing union all select * from created
    ), issued as (
      insert into tokens (hash, user_id, expiry, scope) select ${token.hash}, id, ${token.expiry}, ${token.scope} from account
    )
    select * from account`.execute(db)
  return rows[0]
}
