import type { Static } from '@sinclair/typebox'
import { deliveryReasons, deliverySentences } from '../domain/sms/delivery-reasons.ts'
import type { DeliveryRecord } from '../domain/sms/delivery.ts'
import { reasonOf, statusOf } from '../domain/sms/delivery-rules.ts'
import type { DeliveryReply } from '../schemas/deliveries.ts'
import type { CodeSentReply, SignedInReply, UserReply } from '../schemas/login.ts'
import type { ExportReply, Me } from '../schemas/me.ts'
import type { ScheduledReply } from '../schemas/calendar.ts'
import type { CreativeReply, UploadedReply } from '../schemas/creatives.ts'
import type { SessionReply } from '../schemas/sessions.ts'

interface UserRow { id: number, created_at: Date, name: string, phone_number: string, version: number }
interface CreativeRow extends Omit<Static<typeof CreativeReply>, 'creative_url' | 'preview_url' | 'thumbnail_url' | 'created_at' | 'updated_at'> {
  created_at: Date
  updated_at: Date
}
interface SessionRow { id: number, created_at: Date, last_used_at: Date, expiry: Date, user_agent: string | null, address: string | null }

/** From what the service holds to what the wire says. */
export function codeSentReply (
  { expiresIn, resendIn, deliveryId }: { expiresIn: number, resendIn: number, deliveryId: string }
): Static<typeof CodeSentReply> {
  return { success: true, message: 'OTP sent successfully', expires_in: expiresIn, resend_in: resendIn, delivery_id: deliveryId }
}

/** `resendIn` is the milliseconds until another SMS may be asked for. */
export function deliveryReply (record: DeliveryRecord, resendIn: number): Static<typeof DeliveryReply> {
  const status = statusOf(record.state)
  const reason = reasonOf(record) ?? null
  const message = reason === null ? deliverySentences[status] : deliveryReasons[reason]
  return { status, reason, message, resend_in: Math.max(0, Math.ceil(resendIn / 1000)) }
}

export function signedInReply (
  { user, token, expiresAt, deviceToken }: { user: UserRow & { is_new: boolean }, token: string, expiresAt: Date, deviceToken: string }
): Static<typeof SignedInReply> {
  return {
    success: true,
    data: userReply(user),
    message: user.is_new ? 'User registered successfully' : 'User logged in successfully',
    token,
    token_expires_at: expiresAt.toISOString(),
    device_token: deviceToken
  }
}

function userReply ({ id, created_at: createdAt, name, phone_number: phoneNumber, version }: UserRow): Static<typeof UserReply> {
  return { id, created_at: createdAt.toISOString(), name, phone_number: phoneNumber, version }
}

export function meReply (user: UserRow & { time_zone: string | null, language: string | null, is_test: boolean }): Static<typeof Me> {
  const { time_zone: timeZone, language, is_test: isTest } = user
  return { ...userReply(user), time_zone: timeZone, language, is_test: isTest }
}

/** Addresses of an image in its forms. */
export interface CreativeLinks {
  url: string
  previewUrl: string
  thumbnailUrl: string
}

export function creativeReply (creative: CreativeRow, { url, previewUrl, thumbnailUrl }: CreativeLinks): Static<typeof CreativeReply> {
  const { id, scheduled_at: scheduledAt, title, alt_text: altText, version, created_at: createdAt, updated_at: updatedAt } = creative
  const { content_type: contentType, byte_count: byteCount, width, height, frame_count: frameCount } = creative
  const { dominant_color: dominantColor, thumb_hash: thumbHash, removed } = creative
  return {
    id,
    creative_url: url,
    scheduled_at: scheduledAt,
    title,
    alt_text: altText,
    version,
    created_at: createdAt.toISOString(),
    updated_at: updatedAt.toISOString(),
    content_type: contentType,
    byte_count: byteCount,
    width,
    height,
    frame_count: frameCount,
    dominant_color: dominantColor,
    thumb_hash: thumbHash,
    removed,
    preview_url: previewUrl,
    thumbnail_url: thumbnailUrl
  }
}

export function uploadedReply (creative: CreativeRow, links: CreativeLinks, duplicateOf: number | undefined): Static<typeof UploadedReply> {
  return { creative: { ...creativeReply(creative, links), duplicate_of: duplicateOf ?? null } }
}

interface Days<Day> { today: Day, tomorrow: Day }

/** `ScheduledReply` as JSON, from the JSON of its creatives. */
export function scheduledText (
  { today, tomorrow }: Days<readonly string[]>, { dates, nextCursor }: { dates: Days<string> & { timeZone: string }, nextCursor: string | null }
): string {
  const rest: Omit<Static<typeof ScheduledReply>, 'scheduled_creatives'> = {
    dates: { today: dates.today, tomorrow: dates.tomorrow, time_zone: dates.timeZone },
    next_cursor: nextCursor
  }
  return `{"scheduled_creatives":{"today":[${today.join()}],"tomorrow":[${tomorrow.join()}]},${JSON.stringify(rest).slice(1)}`
}

interface Holdings {
  user: Parameters<typeof meReply>[0]
  sessions: SessionRow[]
  devices: Array<{ created_at: Date, expiry: Date }>
  phoneChange: { phone: string, requestedAt: Date } | undefined
}

/** `linksTo` gives the addresses of a creative's image. */
export function exportReply<Row extends CreativeRow> (
  { user, sessions, devices, phoneChange, creatives }: Holdings & { creatives: Row[] }, { now, linksTo }: { now: Date, linksTo: (creative: Row) => CreativeLinks }
): Static<typeof ExportReply> {
  return {
    exported_at: now.toISOString(),
    user: meReply(user),
    sessions: sessions.map(keptSession),
    devices: devices.map(({ created_at: createdAt, expiry }) => ({ created_at: createdAt.toISOString(), expires_at: expiry.toISOString() })),
    pending_phone_change: phoneChange === undefined ? null : { phone_number: phoneChange.phone, requested_at: phoneChange.requestedAt.toISOString() },
    creatives: creatives.map((creative) => creativeReply(creative, linksTo(creative)))
  }
}

function keptSession (session: SessionRow): Omit<Static<typeof SessionReply>, 'current'> {
  const { id, created_at: createdAt, last_used_at: lastUsedAt, expiry, user_agent: userAgent, address } = session
  return { id, created_at: createdAt.toISOString(), last_used_at: lastUsedAt.toISOString(), expires_at: expiry.toISOString(), user_agent: userAgent, address }
}

export function sessionReply (session: SessionRow, current: { id: number }): Static<typeof SessionReply> {
  return { ...keptSession(session), current: session.id === current.id }
}
