/**
 * What is kept about a number, for how long, and the numbers behind the rules of `challenge.ts`.
 * All times are milliseconds since the epoch.
 */

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** Never does a code live longer than this after its first SMS. */
export const maximumLifeMs = 10 * 60_000
/** With less than this left, a resend starts a new challenge. */
export const minimumRemainingMs = 60_000
/** Gaps between SMS to one number grow by these factors until a success or a quiet hour, which is also the longest gap. */
export const cooldownFactors = [1, 2, 4, 10] as const
export const resetWindowMs = hourMs
/** So many wrong answers end a challenge and start the next wait. */
export const failuresPerLockout = 5
export const lockoutsMs = [30_000, 300_000, hourMs, dayMs] as const
/** NIST SP 800-63B-4 §3.2.2: no more than 100 consecutive failures; then an operator must free the number. */
export const maximumFailures = 100
export const closedRetryMs = dayMs
/** Failures are forgotten this long after the last one. */
export const failureMemoryMs = 400 * dayMs
/** Wrong answers without a live challenge are forgotten after an hour. */
export const missMemoryMs = hourMs
/** How often a right code without a name may be told that a name is missing. */
export const maximumNameRequests = 5
/** What a known device may do in a day although its number is locked or has had its SMS; a success gives nothing of it back. */
export const trustedDeviceAllowance = { sends: 3, guesses: 5, windowMs: dayMs } as const
/** The windows that SMS to a number are counted in. */
export const windowsMs = { hour: hourMs, day: dayMs } as const

export interface Challenge {
  id: string
  /** Which secret derives, checks and unseals it. */
  secretId: string
  sealed: string
  check: string
  nameTag: string
  /** Two sends gave different names, so none of them decides. */
  isNameDisputed: boolean
  nameRequests: number
  sends: number
  createdAt: number
  expiresAt: number
}

/** A code that was used: a repeat of it within its life costs nobody a failure. */
export interface UsedCode { secretId: string, check: string, expiresAt: number }

/** Belongs to the number: all its purposes share it. */
export interface PhoneRecord {
  failures: number
  failedAt: number
  misses: number
  missedAt: number
  lockedUntil: number
  /** How many SMS since the last success or quiet hour. */
  gaps: number
  sentAt: number
  nextSendAt: number
  /** SMS in the window that began then; a success does not give them back. */
  hourStart: number
  hourSends: number
  dayStart: number
  daySends: number
}

/** What a known device has used of its reserve since it first had to. */
export interface DeviceRecord { since: number, sends: number, guesses: number, nextSendAt: number }

/** All that a step looks at: a number, one purpose of its codes, and the device that asks, if it is a known one. */
export interface PhoneState {
  phone: PhoneRecord
  challenge: Challenge | undefined
  used: UsedCode | undefined
  device: DeviceRecord | undefined
}

export function createPhoneRecord (): PhoneRecord {
  return {
    failures: 0, failedAt: 0, misses: 0, missedAt: 0, lockedUntil: 0, gaps: 0, sentAt: 0, nextSendAt: 0, hourStart: 0, hourSends: 0, dayStart: 0, daySends: 0
  }
}

export function createDeviceRecord (): DeviceRecord {
  return { since: 0, sends: 0, guesses: 0, nextSendAt: 0 }
}

/** Drops what time has ended. */
export function dropExpired (state: PhoneState, now: number): void {
  const { phone, device, challenge, used } = state
  if (now - phone.failedAt >= failureMemoryMs) phone.failures = 0
  if (now - phone.missedAt >= missMemoryMs) phone.misses = 0
  if (now - phone.sentAt >= resetWindowMs) phone.gaps = phone.nextSendAt = 0
  if (now - phone.hourStart >= windowsMs.hour) phone.hourSends = 0
  if (now - phone.dayStart >= windowsMs.day) phone.daySends = 0
  if (device !== undefined && now - device.since >= trustedDeviceAllowance.windowMs) state.device = createDeviceRecord()
  if (challenge !== undefined && challenge.expiresAt <= now) state.challenge = undefined
  if (used !== undefined && used.expiresAt <= now) state.used = undefined
}

/** Nothing is left that a rule could ask for. */
export function isExpired (phone: PhoneRecord, now: number): boolean {
  dropExpired({ phone, challenge: undefined, used: undefined, device: undefined }, now)
  const { failures, misses, gaps, hourSends, daySends, lockedUntil } = phone
  return failures + misses + gaps + hourSends + daySends === 0 && lockedUntil <= now
}
