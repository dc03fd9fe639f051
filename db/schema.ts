import type { Generated, Insertable, JSONColumnType, Selectable } from 'kysely'
import type { Variant } from '../src/domain/creatives/image.ts'
import type { Algorithm } from '../src/domain/auth/signing-keys.ts'
import type { CreativeTexts } from '../src/domain/creatives/text-fields.ts'

/** Tables of the service. The driver returns `bigint` ids as numbers and `date` as text. */
export interface Database {
  users: UserTable
  tokens: TokenTable
  creatives: CreativeTable
  device_tokens: DeviceTokenTable
  used_challenges: UsedChallengeTable
  phone_changes: PhoneChangeTable
  images: ImageTable
  usages: UsageTable
  idempotency_keys: IdempotencyKeyTable
  calendar_feeds: CalendarFeedTable
  leases: LeaseTable
  signing_keys: SigningKeyTable
  owners: OwnerTable
}

export interface UserTable {
  id: Generated<number>
  created_at: Generated<Date>
  name: string
  /** E.164; `null` once another account has taken the number over. */
  phone_number: string | null
  /** Counts changes, for optimistic locking. */
  version: Generated<number>
  /** IANA name; decides which date is "today" unless the request names a zone. */
  time_zone: string | null
  /** BCP 47 language of the SMS of the last login. */
  language: string | null
  /** True if the account was created with the fixed code of a test number. */
  is_test: Generated<boolean>
  /** Incremented when all sessions end or the number changes, so that a concurrent login cannot begin a session. */
  sessions_epoch: Generated<number>
  /** When the account lost its number. It is deleted 30 days later. */
  released_at: Date | null
}

/** Users of a host app, for `cheershare/creatives`. */
export interface OwnerTable {
  /** Id of the user in the host app. */
  external_id: string
  user_id: number
}

export interface TokenTable {
  /** SHA-256 of the token. */
  hash: Buffer
  user_id: number
  expiry: Date
  scope: string
  /** Id of the session for its user; it reveals nothing about the token. */
  id: Generated<number>
  /** Time of the login. */
  created_at: Date
  last_used_at: Date
  /** Use of the token extends `expiry` up to this moment. */
  final_expiry: Date
  user_agent: string | null
  /** Masked client address. */
  address: string | null
}

export interface DeviceTokenTable {
  /** SHA-256 of the device token. */
  hash: Buffer
  user_id: number
  created_at: Generated<Date>
  expiry: Date
}

/** A challenge whose code was used for a login. */
export interface UsedChallengeTable {
  /** SHA-256 of the id of the challenge. */
  hash: Buffer
  used_at: Date
}

/** The new number of a pending phone change. It is sealed, because only `users` holds readable numbers. */
export interface PhoneChangeTable {
  user_id: number
  secret_id: string
  sealed_phone: string
  requested_at: Date
}

export interface CreativeTable extends CreativeTexts {
  id: Generated<number>
  user_id: number
  /** Storage key of the image, not a URL. Clients get a signed URL that contains the id. */
  creative_url: string
  /** `YYYY-MM-DD`; `null` for a draft. */
  scheduled_at: string | null
  created_at: Generated<Date>
  updated_at: Generated<Date>
  /** Counts changes, for optimistic locking. */
  version: Generated<number>
  content_type: string
  /** Size and hash of the stored original. */
  byte_count: number
  sha256: Buffer
  /** Hash of the uploaded file. */
  source_sha256: Buffer
  width: number
  height: number
  frame_count: number
  dominant_color: string
  thumb_hash: string
  /** Kinds of metadata that were removed from the upload. */
  removed: string[]
  /** Soft deletion; a purge removes the row ten minutes later. */
  deleted_at: Date | null
  /** True while a blob of its image is missing or damaged; such a creative is not listed. */
  is_damaged: Generated<boolean>
}

/** An image whose blobs are in storage or are being put. The sweep compares this table with storage. */
export interface ImageTable {
  key: string
  user_id: number | null
  state: Generated<'pending' | 'ready' | 'discarded'>
  /** Share of the quota: the reservation while pending, then the size of the original. */
  quota_bytes: number
  /** UTC day whose daily count includes it; `null` for a replacement. */
  counted_on: string | null
  /** Size and hash of each variant; `null` until the image is ready. */
  blobs: JSONColumnType<Record<Variant, { byte_count: number, sha256: string }>> | null
  created_at: Generated<Date>
  /** When it entered its current state. */
  settled_at: Generated<Date>
  scrubbed_at: Date | null
  /** Damage of its blobs, such as `missing: original`; its creative is marked too. */
  damage: string | null
}

/** A user's usage of the quotas, changed in the transactions that use them. */
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
  /** SHA-256 of the upload that was sent with the key. */
  fingerprint: Buffer
  /** `null` after the creative was purged; the key remains used. */
  creative_id: number | null
  created_at: Generated<Date>
}

/** Secret URLs of calendar feeds, at most one per user. */
export interface CalendarFeedTable {
  user_id: number
  /** SHA-256 of the key. */
  hash: Buffer
  created_at: Generated<Date>
}

/** A key that signs JWTs. */
export interface SigningKeyTable {
  /** `kid` of its JWTs. */
  id: string
  algorithm: Algorithm
  public_key: JSONColumnType<Record<string, unknown>>
  secret_id: string
  sealed_key: string
  created_at: Date
  /** The newest key whose moment has come signs. */
  signs_from: Date
}

/** A user with a number. */
export type User = Selectable<UserTable> & { phone_number: string }
export type Creative = Selectable<CreativeTable>
export type NewCreative = Insertable<CreativeTable>
export type Image = Selectable<ImageTable>

/** The right of a process to do a task until the lease expires. */
export interface LeaseTable {
  name: string
  holder: string
  expires_at: Date
}
