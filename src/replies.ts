import type { Static } from '@sinclair/typebox'
import type { CodeSentReply, SignedInReply, UserReply } from './schemas/login.ts'
import type { ExportReply, Me } from './schemas/me.ts'
import type { CreativeReply } from './schemas/creatives.ts'
import type { SessionReply } from './schemas/sessions.ts'

interface UserRow { id: number, created_at: Date, name: string, phone_number: string, version: number }
interface CreativeRow { id: number, scheduled_at: string | null, created_at: Date, content_type: string, byte_count: number }
interface SessionRow { id: number, created_at: Date, last_used_at: Date, expiry: Date, user_agent: string | null, address: string | null }

/** From what the service holds to what the wire says. */
export function codeSentReply ({ expiresIn, resendIn }: { expiresIn: number, resendIn: number }): Static<typeof CodeSentReply> {
  return { success: true, message: 'OTP sent successfully', expires_in: expiresIn, resend_in: resendIn }
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

export function creativeReply (creative: CreativeRow, url: string): Static<typeof CreativeReply> {
  const { id, scheduled_at: scheduledAt, created_at: createdAt, content_type: contentType, byte_count: byteCount } = creative
  return { id, creative_url: url, scheduled_at: scheduledAt, created_at: createdAt.toISOString(), content_type: contentType, byte_count: byteCount }
}

interface Holdings {
  user: Parameters<typeof meReply>[0]
  sessions: SessionRow[]
  devices: Array<{ created_at: Date, expiry: Date }>
  phoneChange: { phone: string, requestedAt: Date } | undefined
}

/** `linkTo` gives the address of a creative's image. */
export function exportReply<Row extends CreativeRow> (
  { user, sessions, devices, phoneChange, creatives }: Holdings & { creatives: Row[] }, { now, linkTo }: { now: Date, linkTo: (creative: Row) => string }
): Static<typeof ExportReply> {
  return {
    exported_at: now.toISOString(),
    user: meReply(user),
    sessions: sessions.map(keptSession),
    devices: devices.map(({ created_at: createdAt, expiry }) => ({ created_at: createdAt.toISOString(), expires_at: expiry.toISOString() })),
    pending_phone_change: phoneChange === undefined ? null : { phone_number: phoneChange.phone, requested_at: phoneChange.requestedAt.toISOString() },
    creatives: creatives.map((creative) => creativeReply(creative, linkTo(creative)))
  }
}

function keptSession (session: SessionRow): Omit<Static<typeof SessionReply>, 'current'> {
  const { id, created_at: createdAt, last_used_at: lastUsedAt, expiry, user_agent: userAgent, address } = session
  return { id, created_at: createdAt.toISOString(), last_used_at: lastUsedAt.toISOString(), expires_at: expiry.toISOString(), user_agent: userAgent, address }
}

export function sessionReply (session: SessionRow, current: { id: number }): Static<typeof SessionReply> {
  return { ...keptSession(session), current: session.id === current.id }
}
