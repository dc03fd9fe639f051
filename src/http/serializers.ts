import type { Static } from '@sinclair/typebox'
import { toCurrentSpelling } from '../domain/auth/earlier-spellings.ts'
import { deliveryReasons, deliverySentences } from '../domain/sms/delivery-reasons.ts'
import { deliverySentence, type SentenceLanguage } from '../domain/sentences/index.ts'
import { toChannel, type DeliveryRecord } from '../domain/sms/delivery.ts'
import { findReason, toStatus } from '../domain/sms/delivery-rules.ts'
import type { DeliveryReply } from '../schemas/deliveries.ts'
import type { CodeSentReply, SignedInReply, UserReply } from '../schemas/login.ts'
import type { ExportReply, Me } from '../schemas/me.ts'
import type { ScheduledReply } from '../schemas/calendar.ts'
import type { CreativeLinks } from '../domain/creatives/image-link.ts'
import { mapTextFields } from '../domain/creatives/text-fields.ts'
import type { CreativeReply, UploadedReply } from '../schemas/creatives.ts'
import type { SessionReply } from '../schemas/sessions.ts'

interface UserRow { id: number, created_at: Date, name: string, phone_number: string, version: number }
type ComputedField = 'creative_url' | 'preview_url' | 'thumbnail_url' | 'urls_expire_at' | 'created_at' | 'updated_at' | 'owner' | 'is_mine'
interface CreativeRow extends Omit<Static<typeof CreativeReply>, ComputedField> {
  user_id: number
  created_at: Date
  updated_at: Date
}
interface SessionRow { id: number, created_at: Date, last_used_at: Date, expiry: Date, user_agent: string | null, address: string | null }

export function codeSentReply (
  { expiresIn, resendIn, deliveryId }: { expiresIn: number, resendIn: number, deliveryId: string }
): Static<typeof CodeSentReply> {
  return { success: true, message: 'OTP sent successfully', expires_in: expiresIn, resend_in: resendIn, delivery_id: deliveryId }
}

/** `resendIn` is the number of milliseconds until another SMS may be requested. */
export function deliveryReply (record: DeliveryRecord, resendIn: number, language: SentenceLanguage = 'en'): Static<typeof DeliveryReply> {
  const status = toStatus(record.state)
  const reason = findReason(record) ?? null
  const english = reason === null ? deliverySentences[status] : deliveryReasons[reason]
  const message = deliverySentence(language, reason ?? status) ?? english
  return { status, channel: toChannel(record.channel ?? 'sms'), reason, message, resend_in: Math.max(0, Math.ceil(resendIn / 1000)) }
}

export function signedInReply (
  { user, token, expiresAt, deviceToken }: { user: UserRow & { is_new: boolean }, token: string | undefined, expiresAt: Date, deviceToken: string }
): Static<typeof SignedInReply> {
  return {
    success: true,
    data: userReply(user),
    message: user.is_new ? 'User registered successfully' : 'User logged in successfully',
    ...token === undefined ? {} : { token },
    token_expires_at: expiresAt.toISOString(),
    device_token: deviceToken
  }
}

function userReply ({ id, created_at: createdAt, name, phone_number: phoneNumber, version }: UserRow): Static<typeof UserReply> {
  return { id, created_at: createdAt.toISOString(), name, phone_number: toCurrentSpelling(phoneNumber), version }
}

export function meReply (user: UserRow & { time_zone: string | null, language: string | null, is_test: boolean }): Static<typeof Me> {
  const { time_zone: timeZone, language, is_test: isTest } = user
  return { ...userReply(user), time_zone: timeZone, language, is_test: isTest }
}

/** The part of `CreativeReply` that depends on its reader, or that changes while the version of the creative stays. */
export function ownership (
  { user_id: id, owner_name: name }: { user_id: number, owner_name: string }, viewerId: number
): Pick<Static<typeof CreativeReply>, 'owner' | 'is_mine'> {
  return { owner: { id, name }, is_mine: id === viewerId }
}

/** Maps the row of a creative to its reply for a viewer. */
export function creativeReply (
  creative: CreativeRow & { owner_name: string }, links: CreativeLinks, viewerId: number
): Static<typeof CreativeReply> {
  return { ...creativeData(creative, links), ...ownership(creative, viewerId) }
}

/** Maps what all viewers see of a version. Text columns come from `textFields`; other columns are listed here and in the schema. */
export function creativeData (
  creative: CreativeRow, { url, previewUrl, thumbnailUrl, expires }: CreativeLinks
): Omit<Static<typeof CreativeReply>, 'owner' | 'is_mine'> {
  return {
    id: creative.id,
    creative_url: url,
    scheduled_at: creative.scheduled_at,
    ...mapTextFields((name) => creative[name]),
    version: creative.version,
    created_at: creative.created_at.toISOString(),
    updated_at: creative.updated_at.toISOString(),
    content_type: creative.content_type,
    byte_count: creative.byte_count,
    width: creative.width,
    height: creative.height,
    frame_count: creative.frame_count,
    dominant_color: creative.dominant_color,
    thumb_hash: creative.thumb_hash,
    removed: creative.removed,
    preview_url: previewUrl,
    thumbnail_url: thumbnailUrl,
    urls_expire_at: new Date(expires * 1000).toISOString()
  }
}

/** The reply to an upload, whose viewer is its owner. */
export function uploadedReply (
  creative: CreativeRow & { owner_name: string }, links: CreativeLinks, duplicateOf: number | undefined
): Static<typeof UploadedReply> {
  return { creative: { ...creativeReply(creative, links, creative.user_id), duplicate_of: duplicateOf ?? null } }
}

interface Days<Day> { today: Day, tomorrow: Day }

/**
 * Joins `ScheduledReply` from the JSON of its creatives. The gain is that cached JSON is neither parsed nor serialized again
 * for each reader of a list; to measure it, compare `npm run bench` (scheduled list) with a route that returns the object.
 */
export function joinScheduledReply (
  { today, tomorrow }: Days<readonly string[]>,
  { dates, nextCursor }: { dates: Days<string> & { timeZone: string }, nextCursor: string | null }
): string {
  const rest: Omit<Static<typeof ScheduledReply>, 'scheduled_creatives'> = {
    dates: { today: dates.today, tomorrow: dates.tomorrow, time_zone: dates.timeZone },
    next_cursor: nextCursor
  }
  return `{"scheduled_creatives":{"today":[${today.join()}],"tomorrow":[${tomorrow.join()}]},${JSON.stringify(rest).slice(1)}`
}

/** Joins `ScheduledRangeReply` from the JSON of its creatives, as `joinScheduledReply` does. */
export function joinScheduledRange (creatives: readonly string[], nextCursor: string | null): string {
  return `{"creatives":[${creatives.join()}],"next_cursor":${JSON.stringify(nextCursor)}}`
}

interface UserData {
  user: Parameters<typeof meReply>[0]
  sessions: SessionRow[]
  devices: Array<{ created_at: Date, expiry: Date }>
  phoneChange: { phone: string, requestedAt: Date } | undefined
}

/** `linksTo` returns the URLs of a creative's image. */
export function exportReply<Row extends CreativeRow> (
  { user, sessions, devices, phoneChange, creatives }: UserData & { creatives: Row[] },
  { now, linksTo }: { now: Date, linksTo: (creative: Row) => CreativeLinks }
): Static<typeof ExportReply> {
  return {
    exported_at: now.toISOString(),
    user: meReply(user),
    sessions: sessions.map(sessionData),
    devices: devices.map(({ created_at: createdAt, expiry }) => ({
      created_at: createdAt.toISOString(), expires_at: expiry.toISOString()
    })),
    pending_phone_change: phoneChange === undefined
      ? null
      : {
          phone_number: phoneChange.phone, requested_at: phoneChange.requestedAt.toISOString()
        },
    creatives: creatives.map((creative) => creativeReply({ ...creative, owner_name: user.name }, linksTo(creative), user.id))
  }
}

function sessionData (session: SessionRow): Omit<Static<typeof SessionReply>, 'current'> {
  const { id, created_at: createdAt, last_used_at: lastUsedAt, expiry, user_agent: userAgent, address } = session
  return {
    id,
    created_at: createdAt.toISOString(),
    last_used_at: lastUsedAt.toISOString(),
    expires_at: expiry.toISOString(),
    user_agent: userAgent,
    address
  }
}

export function sessionReply (session: SessionRow, current: { id: number }): Static<typeof SessionReply> {
  return { ...sessionData(session), current: session.id === current.id }
}
