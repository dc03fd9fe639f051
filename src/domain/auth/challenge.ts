/**
 * The rules of codes, resends and wrong answers, as pure functions over plain records.
 * The memory store runs them as they are; the Redis store runs the same rules as Lua scripts.
 * All times are milliseconds since the epoch.
 */
import {
  closedRetryMs, createDeviceRecord, failuresPerLockout, dropExpired, cooldownFactors, maximumFailures, maximumLifeMs, maximumNameRequests,
  minimumRemainingMs, resetWindowMs, trustedDeviceAllowance, lockoutsMs, windowsMs, type Challenge, type PhoneRecord, type PhoneState
} from './challenge-records.ts'

/** A fresh challenge, in case one is needed: made by the caller, so that issuing is one step. */
export type Candidate = Pick<Challenge, 'id' | 'secretId' | 'sealed' | 'check' | 'nameTag'>

/** SMS to one number; 0 for any number. */
export interface SendLimits {
  sendsPerHour: number
  sendsPerDay: number
}

export interface IssueRules extends SendLimits {
  ttlMs: number
  resendMs: number
  /** Only asks: where an SMS would go out, the answer is `due`, and nothing but the name's dispute is kept. */
  dryRun?: boolean
  /** The secrets in force: a challenge of another one is of no use to anybody. All, where not given. */
  secretIds?: readonly string[]
}

/** One SMS of a challenge. */
export interface ChallengeSend {
  challengeId: string
  /** From 1. */
  sendAttempt: number
}

export type IssueOutcome =
  /** An SMS is due. `usesDeviceAllowance`: it went out of a known device's own trustedDeviceAllowance. */
  | { kind: 'sent', challengeId: string, sendAttempt: number, expiresAt: number, nextSendAt: number, usesDeviceAllowance: boolean }
  /** An SMS would go out, had it not been a mere question. */
  | { kind: 'dry_run' }
  /** The last SMS is still good. */
  | { kind: 'waiting', challengeId: string, sendAttempt: number, expiresAt: number, nextSendAt: number }
  | Refusal

/** No SMS now, but from `retryAt` on. */
export type Refusal =
  /** After wrong answers. */
  | { kind: 'locked', retryAt: number }
  /** In the gap after the last SMS, whose code is over; a known device's reserve has gaps of its own. */
  | { kind: 'too_soon', retryAt: number }
  /** The number has had its SMS of the hour or day. */
  | { kind: 'limited', retryAt: number }

export interface Answer {
  /** The check of the answered code under each secret in force. */
  checks: ReadonlyMap<string, string>
  /** The number has an account, or a name came with the code. */
  canRegister: boolean
}

export type VerifyOutcome =
  /** `sendAttempt`: how many SMS carried it. */
  | { kind: 'right', challengeId: string, sendAttempt: number, secretId: string, sealed: string, isNameDisputed: boolean }
  | { kind: 'wrong' }
  | { kind: 'name_required' }
  | { kind: 'locked', retryAt: number }

/** Until when the number is locked, if it is; a number closed for good asks again tomorrow. */
function findLockout (phone: PhoneRecord, now: number): number | undefined {
  if (phone.failures >= maximumFailures) return now + closedRetryMs
  return phone.lockedUntil > now ? phone.lockedUntil : undefined
}

function findSendLimit (phone: PhoneRecord, rules: SendLimits): number | undefined {
  const ends = []
  if (rules.sendsPerHour > 0 && phone.hourSends >= rules.sendsPerHour) ends.push(phone.hourStart + windowsMs.hour)
  if (rules.sendsPerDay > 0 && phone.daySends >= rules.sendsPerDay) ends.push(phone.dayStart + windowsMs.day)
  return ends.length === 0 ? undefined : Math.max(...ends)
}

/** Why no SMS may go out now; a gap with its code still alive is no refusal. */
function findRefusal ({ phone, challenge }: PhoneState, rules: IssueRules, now: number): Refusal | undefined {
  const lockedUntil = findLockout(phone, now)
  if (lockedUntil !== undefined) return { kind: 'locked', retryAt: lockedUntil }
  if (phone.nextSendAt > now) return challenge === undefined ? { kind: 'too_soon', retryAt: phone.nextSendAt } : undefined
  const limitedUntil = findSendLimit(phone, rules)
  return limitedUntil === undefined ? undefined : { kind: 'limited', retryAt: limitedUntil }
}

/** From when on the number may have its next SMS, whatever keeps it now: a gap, a limit or a wait. In the past where nothing does. */
export function resendAt (state: PhoneState, limits: SendLimits, now: number): number {
  dropExpired(state, now)
  const { phone } = state
  return Math.max(phone.nextSendAt, findSendLimit(phone, limits) ?? 0, findLockout(phone, now) ?? 0)
}

/** An SMS will not arrive: where it was the challenge's latest one the gap ends. What was counted stays. */
export function freeResend (state: PhoneState, { challengeId, sendAttempt }: ChallengeSend, now: number): void {
  dropExpired(state, now)
  const { phone, challenge } = state
  if (challenge?.id === challengeId && challenge.sends === sendAttempt) phone.nextSendAt = 0
}

/** A code is asked for: sends one, says that the last is still good, or refuses. */
export function issue (state: PhoneState, candidate: Candidate, rules: IssueRules, now: number): IssueOutcome {
  dropExpired(state, now)
  if (state.challenge !== undefined && rules.secretIds?.includes(state.challenge.secretId) === false) state.challenge = undefined
  const { phone, challenge: live } = state
  // A send without a name counts too, and so does one that is refused: else a stranger's sign-up could name the
  // account of whoever logs in next.
  if (live !== undefined && live.nameTag !== candidate.nameTag) live.isNameDisputed = true
  const refusal = findRefusal(state, rules, now)
  if (refusal !== undefined && state.device === undefined) return refusal
  if (refusal !== undefined) return issueFromAllowance(state, refusal, candidate, rules, now)
  if (live !== undefined && phone.nextSendAt > now) return waiting(live, getNextSendAt(state, rules))
  if (rules.dryRun === true) return { kind: 'dry_run' }

  const challenge = state.challenge = renew(live, candidate, rules, now)
  phone.nextSendAt = now + cooldownAfter(phone.gaps, rules)
  phone.gaps += 1
  phone.sentAt = now
  countSend(phone, now)
  return sent(challenge, getNextSendAt(state, rules), false)
}

/** After the gap the number may have had its SMS of the hour or day; a known device then has those of its own. */
function getNextSendAt ({ phone, device }: PhoneState, rules: SendLimits): number {
  const hasAllowance = device !== undefined && device.sends < trustedDeviceAllowance.sends
  return hasAllowance ? phone.nextSendAt : Math.max(phone.nextSendAt, findSendLimit(phone, rules) ?? 0)
}

/** A stranger may have used up what the number has; a device that its owner signed in with has a little of its own. */
function issueFromAllowance (state: PhoneState, refusal: Refusal, candidate: Candidate, rules: IssueRules, now: number): IssueOutcome {
  const { challenge: live, device = createDeviceRecord() } = state
  const isCoolingDown = device.nextSendAt > now
  if (isCoolingDown && live !== undefined) return waiting(live, device.nextSendAt)
  // During a wait a code is of no use to a device that may not answer it.
  if (device.sends >= trustedDeviceAllowance.sends || (refusal.kind === 'locked' && device.guesses >= trustedDeviceAllowance.guesses)) return refusal
  if (isCoolingDown) return device.nextSendAt < refusal.retryAt ? { kind: 'too_soon', retryAt: device.nextSendAt } : refusal
  if (rules.dryRun === true) return { kind: 'dry_run' }
  const challenge = state.challenge = renew(live, candidate, rules, now)
  device.nextSendAt = now + cooldownAfter(device.sends, rules)
  device.sends += 1
  if (device.since === 0) device.since = now
  return sent(challenge, device.nextSendAt, true)
}

function waiting ({ id, sends, expiresAt }: Challenge, nextSendAt: number): IssueOutcome {
  return { kind: 'waiting', challengeId: id, sendAttempt: sends, expiresAt, nextSendAt }
}

function sent ({ id, sends, expiresAt }: Challenge, nextSendAt: number, usesDeviceAllowance: boolean): IssueOutcome {
  return { kind: 'sent', challengeId: id, sendAttempt: sends, expiresAt, nextSendAt, usesDeviceAllowance }
}

function cooldownAfter (sends: number, rules: IssueRules): number {
  return Math.min(rules.resendMs * (cooldownFactors[sends] ?? cooldownFactors[3]), resetWindowMs)
}

function countSend (phone: PhoneRecord, now: number): void {
  if (phone.hourSends === 0) phone.hourStart = now
  if (phone.daySends === 0) phone.dayStart = now
  phone.hourSends += 1
  phone.daySends += 1
}

/** As it is at its first SMS. */
export function createChallenge ({ id, secretId, sealed, check, nameTag }: Candidate, { ttlMs }: Pick<IssueRules, 'ttlMs'>, now: number): Challenge {
  return { id, secretId, sealed, check, nameTag, isNameDisputed: false, nameRequests: 0, sends: 1, createdAt: now, expiresAt: now + ttlMs }
}

/** The live challenge with a longer life, or a new one where too little of it is left. */
function renew (live: Challenge | undefined, candidate: Candidate, rules: IssueRules, now: number): Challenge {
  if (live === undefined || live.expiresAt - now < minimumRemainingMs) {
    return { ...createChallenge(candidate, rules, now), isNameDisputed: live?.isNameDisputed ?? false }
  }
  live.sends += 1
  live.expiresAt = Math.min(now + rules.ttlMs, live.createdAt + maximumLifeMs)
  return live
}

/** A code is answered. */
export function verify (state: PhoneState, answer: Answer, now: number): VerifyOutcome {
  dropExpired(state, now)
  const { challenge, used, device, phone } = state
  const lockedUntil = findLockout(phone, now)
  const usesDeviceAllowance = lockedUntil !== undefined && device !== undefined && device.guesses < trustedDeviceAllowance.guesses
  if (lockedUntil !== undefined && !usesDeviceAllowance) return { kind: 'locked', retryAt: lockedUntil }
  if (challenge !== undefined && answer.checks.get(challenge.secretId) === challenge.check) return accept(state, challenge, answer)
  if (used !== undefined && answer.checks.get(used.secretId) === used.check) return { kind: 'wrong' }
  if (usesDeviceAllowance) return failFromAllowance(state, now)
  if (challenge === undefined) return miss(phone, now)
  return fail(state, now)
}

function accept (state: PhoneState, challenge: Challenge, answer: Answer): VerifyOutcome {
  const { id, sends, secretId, sealed, check, expiresAt, isNameDisputed } = challenge
  if (!answer.canRegister && (challenge.nameTag === '' || isNameDisputed)) {
    challenge.nameRequests += 1
    if (challenge.nameRequests <= maximumNameRequests) return { kind: 'name_required' }
    state.challenge = undefined
    return { kind: 'wrong' }
  }
  Object.assign(state.phone, { failures: 0, misses: 0, lockedUntil: 0, gaps: 0, nextSendAt: 0 })
  // Its reserve stays used up: else each login would bring new SMS and guesses beyond those of a day.
  if (state.device !== undefined) state.device.nextSendAt = 0
  state.challenge = undefined
  state.used = { secretId, check, expiresAt }
  return { kind: 'right', challengeId: id, sendAttempt: sends, secretId, sealed, isNameDisputed }
}

function fail (state: PhoneState, now: number): VerifyOutcome {
  const { phone } = state
  phone.failures += 1
  phone.failedAt = now
  if (phone.failures % failuresPerLockout === 0) {
    state.challenge = undefined
    phone.nextSendAt = 0
    phone.lockedUntil = now + lockoutAfter(phone.failures)
  }
  return { kind: 'wrong' }
}

function failFromAllowance (state: PhoneState, now: number): VerifyOutcome {
  const { device = createDeviceRecord() } = state
  device.guesses += 1
  if (device.since === 0) device.since = now
  if (device.guesses >= trustedDeviceAllowance.guesses) state.challenge = undefined
  return { kind: 'wrong' }
}

/** Looks like a failure from outside, so that nobody learns whether a code is out. */
function miss (phone: PhoneRecord, now: number): VerifyOutcome {
  phone.misses += 1
  phone.missedAt = now
  if (phone.misses % failuresPerLockout === 0) phone.lockedUntil = now + lockoutAfter(phone.misses)
  return { kind: 'wrong' }
}

function lockoutAfter (count: number): number {
  return lockoutsMs[count / failuresPerLockout - 1] ?? lockoutsMs[3]
}
