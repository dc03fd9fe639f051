/**
 * The rules of codes, resends and wrong answers, as pure functions over plain records. All times are milliseconds since the
 * epoch.
 *
 * The rules have a twin in Lua: `plugins/auth/otp-store/{lua-shared,issue-script,verify-script,resend-scripts,revoke-script}.ts`.
 * The memory store runs these functions; the Redis store runs the scripts, since a script is one atomic step. A change here
 * needs the same change there: `test/contracts/otp-store` runs over both stores, and the model test compares every outcome.
 */
import {
  closedRetryMs, cooldownFactors, createDeviceRecord, dropExpired, failuresPerLockout, lastCooldownFactor, lastLockoutMs, lockoutsMs,
  maximumFailures, maximumLifeMs, maximumNameRequests, minimumRemainingMs, resetWindowMs, trustedDeviceAllowance, windowsMs,
  type Challenge, type PhoneRecord, type PhoneState
} from './challenge-records.ts'

/** The challenge to store if a new one is needed. The caller creates it in advance, so that issuing is one step. */
export type Candidate = Pick<Challenge, 'id' | 'secretId' | 'sealed' | 'check' | 'nameTag'>

/** Limits of SMS to one number; 0 turns a limit off. */
export interface SendLimits {
  sendsPerHour: number
  sendsPerDay: number
}

export interface IssueRules extends SendLimits {
  ttlMs: number
  resendMs: number
  /** Sends nothing: the outcome is `dry_run` if an SMS would go out. Only a dispute of the name is stored. */
  dryRun?: boolean
  /** Ids of the secrets in force: a challenge of another secret counts as absent. Without the list no challenge does. */
  secretIds?: readonly string[]
}

/** An SMS of a challenge. */
export interface ChallengeSend {
  challengeId: string
  /** Which SMS of the challenge, counted from 1. */
  sendAttempt: number
}

export type IssueOutcome =
  /** An SMS must be sent now. `usesDeviceAllowance`: it counts for a trusted device and not for the number. */
  | { kind: 'sent', challengeId: string, sendAttempt: number, expiresAt: number, nextSendAt: number, usesDeviceAllowance: boolean }
  /** An SMS would have to be sent without `dryRun`. */
  | { kind: 'dry_run' }
  /** No SMS is sent during the cooldown; the code of the last one is still valid. */
  | { kind: 'waiting', challengeId: string, sendAttempt: number, expiresAt: number, nextSendAt: number }
  | Refusal

/** No SMS is sent before `retryAt`. */
export type Refusal =
  /** The lockout after wrong answers. */
  | { kind: 'locked', retryAt: number }
  /** The resend cooldown after an SMS whose code is no longer valid. */
  | { kind: 'too_soon', retryAt: number }
  /** The limit of SMS to the number in an hour or day. */
  | { kind: 'limited', retryAt: number }

export interface Answer {
  /** The check of the answered code under each secret in force, by the id of the secret. */
  checks: ReadonlyMap<string, string>
  /**
   * A right code may register the number: for a login, it has an account or the answer brings a name; for a change of number, no other
   * account is in the way. If not, the code is kept. A name that all sends gave makes a login possible as well.
   */
  canRegister: boolean
}

export type VerifyOutcome =
  /** `sendAttempt`: how many SMS carried the code. */
  | { kind: 'right', challengeId: string, sendAttempt: number, secretId: string, sealed: string, isNameDisputed: boolean }
  | { kind: 'wrong' }
  /** The right code of a challenge that was used, within the life of the challenge. It is not counted. */
  | { kind: 'used' }
  /** The code is right and kept, because the answer cannot register. */
  | { kind: 'name_required' }
  | { kind: 'locked', retryAt: number }

/** Returns the end of the lockout, if the number is locked. A closed number always reports a day from now. */
function findLockout (phone: PhoneRecord, now: number): number | undefined {
  if (phone.failures >= maximumFailures) return now + closedRetryMs
  return phone.lockedUntil > now ? phone.lockedUntil : undefined
}

/** Returns the latest end of the windows that are full, if any is. */
function findSendLimit (phone: PhoneRecord, rules: SendLimits): number | undefined {
  const ends = []
  if (rules.sendsPerHour > 0 && phone.hourSends >= rules.sendsPerHour) ends.push(phone.hourStart + windowsMs.hour)
  if (rules.sendsPerDay > 0 && phone.daySends >= rules.sendsPerDay) ends.push(phone.dayStart + windowsMs.day)
  return ends.length === 0 ? undefined : Math.max(...ends)
}

/** Returns the reason why no SMS may be sent now. A cooldown is a refusal only if the code is no longer valid. */
function findRefusal ({ phone, challenge }: PhoneState, rules: IssueRules, now: number): Refusal | undefined {
  const lockedUntil = findLockout(phone, now)
  if (lockedUntil !== undefined) return { kind: 'locked', retryAt: lockedUntil }
  if (phone.nextSendAt > now) return challenge === undefined ? { kind: 'too_soon', retryAt: phone.nextSendAt } : undefined
  const limitedUntil = findSendLimit(phone, rules)
  return limitedUntil === undefined ? undefined : { kind: 'limited', retryAt: limitedUntil }
}

/** Ends the cooldown after an SMS that failed, if it was the latest one of the challenge. The SMS stays counted. */
export function freeResend (state: PhoneState, { challengeId, sendAttempt }: ChallengeSend, now: number): void {
  dropExpired(state, now)
  const { phone, challenge } = state
  if (challenge?.id === challengeId && challenge.sends === sendAttempt) phone.nextSendAt = 0
}

/** A request for a code. */
export interface IssueRequest {
  candidate: Candidate
  rules: IssueRules
  now: number
}

/** Sends a code, reports that the last one is still valid, or refuses. */
export function issue (state: PhoneState, request: IssueRequest): IssueOutcome {
  const { candidate, rules, now } = request
  dropExpired(state, now)
  if (state.challenge !== undefined && rules.secretIds?.includes(state.challenge.secretId) === false) state.challenge = undefined
  const { phone, challenge: live } = state
  // A send without a name disputes the name too, and so does a refused send. If they did not, the sign-up of a stranger could
  // name the account of the person who logs in next.
  if (live !== undefined && live.nameTag !== candidate.nameTag) live.isNameDisputed = true
  const refusal = findRefusal(state, rules, now)
  if (refusal !== undefined && state.device === undefined) return refusal
  if (refusal !== undefined) return issueFromAllowance(state, refusal, request)
  if (live !== undefined && phone.nextSendAt > now) return waiting(live, getNextSendAt(state, rules))
  if (rules.dryRun === true) return { kind: 'dry_run' }

  const challenge = state.challenge = renew(live, request)
  phone.nextSendAt = now + cooldownAfter(phone.gaps, rules)
  phone.gaps += 1
  phone.sentAt = now
  countSend(phone, now)
  return sent(challenge, getNextSendAt(state, rules), false)
}

/** Returns the end of the cooldown, or of a full window that outlasts it unless a trusted device has some of its allowance left. */
function getNextSendAt ({ phone, device }: PhoneState, rules: SendLimits): number {
  const hasAllowance = device !== undefined && device.sends < trustedDeviceAllowance.sends
  return hasAllowance ? phone.nextSendAt : Math.max(phone.nextSendAt, findSendLimit(phone, rules) ?? 0)
}

/** Issues from the allowance of a trusted device, since a stranger may have used up the limits of the number. */
function issueFromAllowance (state: PhoneState, refusal: Refusal, request: IssueRequest): IssueOutcome {
  const { rules, now } = request
  const { challenge: live, device = createDeviceRecord() } = state
  const isCoolingDown = device.nextSendAt > now
  if (isCoolingDown && live !== undefined) return waiting(live, device.nextSendAt)
  // A device without guesses left could not answer the code during a lockout.
  if (device.sends >= trustedDeviceAllowance.sends || (refusal.kind === 'locked' && device.guesses >= trustedDeviceAllowance.guesses)) {
    return refusal
  }
  if (isCoolingDown) return device.nextSendAt < refusal.retryAt ? { kind: 'too_soon', retryAt: device.nextSendAt } : refusal
  if (rules.dryRun === true) return { kind: 'dry_run' }
  const challenge = state.challenge = renew(live, request)
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

/** Returns the resend cooldown after an SMS, in milliseconds; `sends` is the number of earlier ones since the last success. */
export function cooldownAfter (sends: number, rules: Pick<IssueRules, 'resendMs'>): number {
  return Math.min(rules.resendMs * (cooldownFactors[sends] ?? lastCooldownFactor), resetWindowMs)
}

function countSend (phone: PhoneRecord, now: number): void {
  if (phone.hourSends === 0) phone.hourStart = now
  if (phone.daySends === 0) phone.dayStart = now
  phone.hourSends += 1
  phone.daySends += 1
}

/** Creates a challenge at its first SMS. */
export function createChallenge (
  { id, secretId, sealed, check, nameTag }: Candidate, { ttlMs }: Pick<IssueRules, 'ttlMs'>, now: number
): Challenge {
  return { id, secretId, sealed, check, nameTag, isNameDisputed: false, nameRequests: 0, sends: 1, createdAt: now, expiresAt: now + ttlMs }
}

/** Returns the live challenge with a longer life, or a new one if it expires too soon. */
function renew (live: Challenge | undefined, { candidate, rules, now }: IssueRequest): Challenge {
  if (live === undefined || live.expiresAt - now < minimumRemainingMs) {
    return { ...createChallenge(candidate, rules, now), isNameDisputed: live?.isNameDisputed ?? false }
  }
  live.sends += 1
  live.expiresAt = Math.min(now + rules.ttlMs, live.createdAt + maximumLifeMs)
  return live
}

/**
 * Checks an answer; a right one uses the challenge up and resets the failures. The lockout comes before the used code, so that
 * guesses at a used code are limited like guesses at a live one.
 */
export function verify (state: PhoneState, answer: Answer, now: number): VerifyOutcome {
  dropExpired(state, now)
  const { challenge, used, device, phone } = state
  const lockedUntil = findLockout(phone, now)
  const usesDeviceAllowance = lockedUntil !== undefined && device !== undefined && device.guesses < trustedDeviceAllowance.guesses
  if (lockedUntil !== undefined && !usesDeviceAllowance) return { kind: 'locked', retryAt: lockedUntil }
  if (challenge !== undefined && answer.checks.get(challenge.secretId) === challenge.check) return accept(state, challenge, answer)
  if (used !== undefined && answer.checks.get(used.secretId) === used.check) return { kind: 'used' }
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
  // The allowance stays used, or each login would add SMS and guesses to those of the day.
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

/**
 * Counts a wrong answer without a live challenge. Clients cannot tell it from a failure, so it does not reveal whether a code
 * was sent.
 */
function miss (phone: PhoneRecord, now: number): VerifyOutcome {
  phone.misses += 1
  phone.missedAt = now
  if (phone.misses % failuresPerLockout === 0) phone.lockedUntil = now + lockoutAfter(phone.misses)
  return { kind: 'wrong' }
}

function lockoutAfter (count: number): number {
  return lockoutsMs[count / failuresPerLockout - 1] ?? lastLockoutMs
}
