import type { Generated, Insertable, JSONColumnType, Selectable } from 'kysely'
import type { Variant } from '../src/domain/creatives/image.ts'

/** The service's tables. Ids are bigint in PostgreSQL and arrive as numbers; `date` arrives as text. */
export interface Database {
  users: UserTable
  tokens: TokenTable
  creatives: CreativeTable
  device_tokens: DeviceTokenTable
  phone_changes: PhoneChangeTable
  images: ImageTable
  usages: UsageTable
  idempotency_keys: IdempotencyKeyTable
  calendar_feeds: CalendarFeedTable
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
  /** `YYYY-MM-DD`; `null` for a draft. */
  scheduled_at: string | null
  created_at: Generated<Date>
  updated_at: Generated<Date>
  /** Counts changes, for optimistic locking. */
  version: Generated<number>
  title: string | null
  alt_text: string | null
  content_type: string
  /** Of the original as it is stored. */
  byte_count: number
  sha256: Buffer
  /** Of the upload as it came. */
  source_sha256: Buffer
  width: number
  height: number
  frame_count: number
  dominant_color: string
  thumb_hash: string
  /** What was taken out of the upload, by kind. */
  removed: string[]
  /** Deleted, and purged some minutes later. */
  deleted_at: Date | null
  /** A blob of its image is lost or spoilt: it is listed to nobody until that is mended. */
  is_damaged: Generated<boolean>
}

/** An image whose blobs are, or are about to be, in storage: the sweep's side of the truth. */
export interface ImageTable {
  key: string
  user_id: number | null
  state: Generated<'pending' | 'ready' | 'discarded'>
  /** Of the quota: reserved while pending, then the original's own. */
  quota_bytes: number
  /** UTC day whose creatives it is counted among; `null` where it replaces another image. */
  counted_on: string | null
  /** Once it is ready. */
  blobs: JSONColumnType<Record<Variant, { byte_count: number, sha256: string }>> | null
  created_at: Generated<Date>
  /** When it came to its present state. */
  settled_at: Generated<Date>
  scrubbed_at: Date | null
  /** What is wrong with its blobs, such as `original missing`; its creative is marked with it. */
  damage: string | null
}

/** What a user has used of the quotas; changed in the transaction that uses it. */
export interface UsageTable {
  user_id: number
  byte_count: Generated<number>
  /** UTC day of `creative_count`. */
  counted_on: string
  creative_count: Generated<number>
}

export interface IdempotencyKeyTable {
  user_id: number
  key_hash: Buffer
  /** SHA-256 of what was sent under it. */
  fingerprint: Buffer
  /** `null` once the creative was purged: the key stays taken. */
  creative_id: number | null
  created_at: Generated<Date>
}

/** Secret addresses of calendar feeds, at most one a user. */
export interface CalendarFeedTable {
  user_id: number
  /** SHA-256 of the key. */
  hash: Buffer
  created_at: Generated<Date>
}

export type User = Selectable<UserTable>
export type Creative = Selectable<CreativeTable>
export type NewCreative = Insertable<CreativeTable>
export type Image = Selectable<ImageTable>
