/**
 * The rules of codes, resends and wrong answers, as pure functions over plain records.
 * The memory store runs them as they are; the Redis store runs the same rules as Lua scripts.
 * All times are milliseconds since the epoch.
 */

/** Never does a code live longer than this after its first SMS. */
export const maximumLifeMs = 10 * 60_000
/** With less than this left, a resend starts a new challenge. */
export const minimumRestMs = 60_000
/** Gaps between SMS to one number grow by these factors until a success or a quiet hour. */
export const gapFactors = [1, 2, 4, 10] as const
export const quietMs = 3_600_000
/** So many wrong answers end a challenge and start the next wait. */
export const failuresPerWait = 5
export const waitsMs = [30_000, 300_000, 3_600_000, 86_400_000] as const
/** NIST SP 800-63B-4 §3.2.2: no more than 100 consecutive failures; then an operator must free the number. */
export const maximumFailures = 100
export const closedRetryMs = 86_400_000
/** Failures are forgotten this long after the last one. */
export const failureMemoryMs = 400 * 86_400_000
/** Wrong answers without a live challenge are forgotten after an hour. */
export const missMemoryMs = 3_600_000
/** How often a right code without a name may be told that a name is missing. */
export const maximumNameRequests = 5

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
}

/** All that is kept about one number and purpose. */
export interface PhoneState { phone: PhoneRecord, challenge: Challenge | undefined, used: UsedCode | undefined }

/** A fresh challenge, in case one is needed: made by the caller, so that issuing is one step. */
export type Candidate = Pick<Challenge, 'id' | 'secretId' | 'sealed' | 'check' | 'nameTag'>
export interface IssueRules { ttlMs: number, resendMs: number }

export type IssueOutcome =
  | { kind: 'sent', challengeId: string, send: number, expiresAt: number, nextSendAt: number }
  | { kind: 'waiting', challengeId: string, send: number, expiresAt: number, nextSendAt: number }
  | { kind: 'locked', retryAt: number }
  | { kind: 'too_soon', retryAt: number }

export interface Answer {
  /** The check of the answered code under each secret in force. */
  checks: ReadonlyMap<string, string>
  /** The number has an account, or a name came with the code. */
  canRegister: boolean
}

export type VerifyOutcome =
  | { kind: 'right', challengeId: string, secretId: string, sealed: string, isNameDisputed: boolean }
  | { kind: 'wrong' }
  | { kind: 'name_required' }
  | { kind: 'locked', retryAt: number }

export function createPhoneState (): PhoneState {
  const phone = { failures: 0, failedAt: 0, misses: 0, missedAt: 0, lockedUntil: 0, gaps: 0, sentAt: 0, nextSendAt: 0 }
  return { phone, challenge: undefined, used: undefined }
}

/** Until when the number is locked, if it is; a number closed for good asks again tomorrow. */
function lockOf (phone: PhoneRecord, now: number): number | undefined {
  if (phone.failures >= maximumFailures) return now + closedRetryMs
  return phone.lockedUntil > now ? phone.lockedUntil : undefined
}

function forget (state: PhoneState, now: number): void {
  const { phone } = state
  if (phone.failures > 0 && now - phone.failedAt >= failureMemoryMs) phone.failures = 0
  if (phone.misses > 0 && now - phone.missedAt >= missMemoryMs) phone.misses = 0
  if (now - phone.sentAt >= quietMs) phone.gaps = phone.nextSendAt = 0
  if (state.challenge !== undefined && state.challenge.expiresAt <= now) state.challenge = undefined
  if (state.used !== undefined && state.used.expiresAt <= now) state.used = undefined
}

/** Nothing is left that a rule could ask for. */
export function isForgotten (state: PhoneState, now: number): boolean {
  forget(state, now)
  const { failures, misses, gaps, lockedUntil } = state.phone
  return failures + misses + gaps === 0 && lockedUntil <= now && state.challenge === undefined && state.used === undefined
}

export function issue (state: PhoneState, candidate: Candidate, rules: IssueRules, now: number): IssueOutcome {
  forget(state, now)
  const { phone } = state
  const retryAt = lockOf(phone, now)
  if (retryAt !== undefined) return { kind: 'locked', retryAt }

  const live = state.challenge
  // A send without a name counts too: else a stranger's sign-up could name the account of whoever logs in next.
  if (live !== undefined && live.nameTag !== candidate.nameTag) live.isNameDisputed = true
  if (phone.nextSendAt > now) {
    if (live === undefined) return { kind: 'too_soon', retryAt: phone.nextSendAt }
    return { kind: 'waiting', challengeId: live.id, send: live.sends, expiresAt: live.expiresAt, nextSendAt: phone.nextSendAt }
  }

  const challenge = live !== undefined && live.expiresAt - now >= minimumRestMs
    ? extend(live, rules, now)
    : replace(live, candidate, rules, now)
  state.challenge = challenge
  phone.nextSendAt = now + rules.resendMs * (gapFactors[phone.gaps] ?? gapFactors[3])
  phone.gaps += 1
  phone.sentAt = now
  return { kind: 'sent', challengeId: challenge.id, send: challenge.sends, expiresAt: challenge.expiresAt, nextSendAt: phone.nextSendAt }
}

function extend (live: Challenge, rules: IssueRules, now: number): Challenge {
  live.sends += 1
  live.expiresAt = Math.min(now + rules.ttlMs, live.createdAt + maximumLifeMs)
  return live
}

function replace (live: Challenge | undefined, candidate: Candidate, rules: IssueRules, now: number): Challenge {
  const isNameDisputed = live?.isNameDisputed ?? false
  return { ...candidate, isNameDisputed, nameRequests: 0, sends: 1, createdAt: now, expiresAt: now + rules.ttlMs }
}

export function verify (state: PhoneState, answer: Answer, now: number): VerifyOutcome {
  forget(state, now)
  const { challenge, phone } = state
  const retryAt = lockOf(phone, now)
  if (retryAt !== undefined) return { kind: 'locked', retryAt }
  if (challenge !== undefined && answer.checks.get(challenge.secretId) === challenge.check) return accept(state, challenge, answer)
  const { used } = state
  if (used !== undefined && answer.checks.get(used.secretId) === used.check) return { kind: 'wrong' }
  if (challenge === undefined) return miss(phone, now)
  return fail(state, now)
}

function accept (state: PhoneState, challenge: Challenge, answer: Answer): VerifyOutcome {
  const { id, secretId, sealed, check, expiresAt, isNameDisputed } = challenge
  if (!answer.canRegister && (challenge.nameTag === '' || isNameDisputed)) {
    challenge.nameRequests += 1
    if (challenge.nameRequests <= maximumNameRequests) return { kind: 'name_required' }
    state.challenge = undefined
    return { kind: 'wrong' }
  }
  Object.assign(state, { ...createPhoneState(), used: { secretId, check, expiresAt } })
  return { kind: 'right', challengeId: id, secretId, sealed, isNameDisputed }
}

function fail (state: PhoneState, now: number): VerifyOutcome {
  const { phone } = state
  phone.failures += 1
  phone.failedAt = now
  if (phone.failures % failuresPerWait === 0) {
    state.challenge = undefined
    phone.nextSendAt = 0
    phone.lockedUntil = now + waitAfter(phone.failures)
  }
  return { kind: 'wrong' }
}

/** Looks like a failure from outside, so that nobody learns whether a code is out. */
function miss (phone: PhoneRecord, now: number): VerifyOutcome {
  phone.misses += 1
  phone.missedAt = now
  if (phone.misses % failuresPerWait === 0) phone.lockedUntil = now + waitAfter(phone.misses)
  return { kind: 'wrong' }
}

function waitAfter (count: number): number {
  return waitsMs[count / failuresPerWait - 1] ?? waitsMs[3]
}
