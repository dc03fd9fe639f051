import type { ColumnType, Generated, Insertable, Selectable } from 'kysely'

/** The service's tables. Ids are bigint in PostgreSQL and arrive as numbers; `date` arrives as text. */
export interface Database {
  users: UserTable
  tokens: TokenTable
  creatives: CreativeTable
  device_tokens: DeviceTokenTable
  phone_changes: PhoneChangeTable
}

export interface UserTable {
  id: Generated<number>
  created_at: Generated<Date>
  name: string
  phone_number: string
  /** Counts changes, for optimistic locking. */
  version: Generated<number>
  /** IANA name; whose day "today" is, where a request does not say. */
  time_zone: string | null
  /** Of the SMS that its last login was by; a BCP 47 language. */
  language: string | null
  /** Made by the fixed code of a test number. */
  is_test: Generated<boolean>
  /** Raised when all sessions end, so that a login under way does not begin another. */
  sessions_epoch: Generated<number>
}

export interface TokenTable {
  /** SHA-256 of the token. */
  hash: Buffer
  user_id: number
  expiry: Date
  scope: string
  /** Of the session, for its user to see; tells nothing about the token. */
  id: Generated<number>
  /** The login. */
  created_at: Date
  last_used_at: Date
  /** Use extends `expiry` up to here. */
  final_expiry: Date
  user_agent: string | null
  /** Masked. */
  address: string | null
}

export interface DeviceTokenTable {
  /** SHA-256 of the device token. */
  hash: Buffer
  user_id: number
  created_at: Generated<Date>
  expiry: Date
}

/** The number that a user is about to move to; sealed, since no table but `users` has numbers that can be read. */
export interface PhoneChangeTable {
  user_id: number
  secret_id: string
  sealed_phone: string
  requested_at: Date
}

export interface CreativeTable {
  id: Generated<number>
  user_id: number
  /** Key of the image in storage. Clients get a signed URL that is made from the id. */
  creative_url: string
  /** `YYYY-MM-DD` */
  scheduled_at: ColumnType<string, string, never>
  created_at: Generated<Date>
  /** `pending` until the image is in its place; only `ready` ones are ever shown. */
  state: Generated<'pending' | 'ready'>
  content_type: string
  byte_count: number
  sha256: Buffer
}

export type User = Selectable<UserTable>
export type Creative = Selectable<CreativeTable>
export type NewCreative = Omit<Insertable<CreativeTable>, 'id' | 'created_at' | 'state'>
