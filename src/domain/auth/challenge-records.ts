/**
 * The records of a number, and the constants behind the rules of `challenge.ts`. The Lua scripts of
 * `plugins/auth/otp-store` interpolate the same constants. All times are milliseconds since the epoch.
 */

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** Longest life of a code, from its first SMS (NIST SP 800-63B-4 §3.1.3.2: at most 10 minutes). */
export const maximumLifeMs = 10 * 60_000
/** A resend starts a new challenge if the old one expires sooner than this. */
export const minimumRemainingMs = 60_000
/** The resend cooldown after the first SMS is multiplied by these factors after each further one; the last factor repeats. */
export const cooldownFactors = [1, 2, 4, 10] as const
export const lastCooldownFactor = Number(cooldownFactors.at(-1))
/** Cooldowns start again after a success, or after this time without an SMS. No cooldown is longer. */
export const resetWindowMs = hourMs
/** This many wrong answers end a challenge and start the next lockout. */
export const failuresPerLockout = 5
/** The lockouts of a number, one after the other; the last one repeats. The rules and the Lua scripts derive all steps from this list. */
export const lockoutsMs = [30_000, 300_000, hourMs, dayMs] as const
export const lastLockoutMs = Number(lockoutsMs.at(-1))
/** NIST SP 800-63B-4 §3.2.2: no more than 100 consecutive failures. Only an operator can unlock the number then. */
export const maximumFailures = 100
/** The time until a retry that a closed number reports. */
export const closedRetryMs = dayMs
/** The failures of a number expire this long after the last one. */
export const failureMemoryMs = 400 * dayMs
/** Wrong answers without a live challenge expire this long after the last one. */
export const missMemoryMs = hourMs
/** This many right answers without a name get `name_required`. The next one ends the challenge. */
export const maximumNameRequests = 5
/** The allowance of a trusted device in a day while its number is locked or over its limit of SMS. A success does not restore it. */
export const trustedDeviceAllowance = { sends: 3, guesses: 5, windowMs: dayMs } as const
/** The windows that count the SMS to a number. */
export const windowsMs = { hour: hourMs, day: dayMs } as const

export interface Challenge {
  id: string
  /** The secret that derives, checks and unseals its code. */
  secretId: string
  sealed: string
  check: string
  nameTag: string
  /** Two sends gave different names, so the service uses neither. */
  isNameDisputed: boolean
  nameRequests: number
  sends: number
  createdAt: number
  expiresAt: number
}

/** A code that was used, kept until its challenge would have expired: a repeat is recognized and does not count as a failure. */
export interface UsedCode { secretId: string, check: string, expiresAt: number }

/** The counts of a number, shared by all purposes. Its fields are stored under these names. */
export interface PhoneRecord {
  failures: number
  failedAt: number
  misses: number
  missedAt: number
  lockedUntil: number
  /** Number of resend cooldowns since the last success or reset window. */
  gaps: number
  sentAt: number
  nextSendAt: number
  /** The windows of SMS and their counts, which a success does not reset. */
  hourStart: number
  hourSends: number
  dayStart: number
  daySends: number
}

/** The used part of the allowance of a trusted device. `since` is the start of its window. */
export interface DeviceRecord { since: number, sends: number, guesses: number, nextSendAt: number }

/** The state that a rule reads and updates: a number, its codes of one purpose, and the requesting device if it is trusted. */
export interface PhoneState {
  phone: PhoneRecord
  challenge: Challenge | undefined
  used: UsedCode | undefined
  device: DeviceRecord | undefined
}

export function createPhoneRecord (): PhoneRecord {
  return {
    failures: 0,
    failedAt: 0,
    misses: 0,
    missedAt: 0,
    lockedUntil: 0,
    gaps: 0,
    sentAt: 0,
    nextSendAt: 0,
    hourStart: 0,
    hourSends: 0,
    dayStart: 0,
    daySends: 0
  }
}

export function createDeviceRecord (): DeviceRecord {
  return { since: 0, sends: 0, guesses: 0, nextSendAt: 0 }
}

/** Resets the counts that have expired, and removes an expired challenge and used code. */
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

/** True if everything that a rule reads has expired, so that a new record would be equivalent. */
export function isExpired (phone: PhoneRecord, now: number): boolean {
  dropExpired({ phone, challenge: undefined, used: undefined, device: undefined }, now)
  const { failures, misses, gaps, hourSends, daySends, lockedUntil } = phone
  return failures + misses + gaps + hourSends + daySends === 0 && lockedUntil <= now
}
