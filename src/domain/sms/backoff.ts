import type { SmsFailure } from './failures.ts'

/** Carrier calls for one SMS. */
export const maximumAttempts = 3
/** Longest random pause before the second attempt. */
const shortMs = 2000
/**
 * Longest random pause before the third attempt: attempts outlast a restart of the carrier, and end before a person asks
 * for another SMS. The retry after an ambiguous outcome uses it too, since a receipt may make that retry unnecessary.
 */
const longMs = 6000
/** Pause if a closed provider does not say when it may be called. */
const closedMs = 5000

export interface FailedAttempt {
  /** Carrier calls so far, including this one. */
  attempts: number
  /** Earlier calls that may have sent the SMS. */
  ambiguous: number
  failure: SmsFailure
  /** From the carrier's Retry-After, or the time until a closed provider may be called. */
  retryAfterMs?: number | undefined
  /** Until the code expires; a later attempt would be dropped. */
  remainingMs?: number
}

export type NextAttempt =
  | { kind: 'retry', afterMs: number }
  | { kind: 'give_up' }
  /** No provider was called, so this was not an attempt. */
  | { kind: 'wait', afterMs: number }

/**
 * Decides what follows a failed attempt. Pauses have full jitter, so that a carrier that recovers does not receive all
 * waiting messages at once: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/. `random` returns
 * a number from 0 to below 1.
 */
export function nextAttempt (
  { attempts, ambiguous, failure, retryAfterMs = 0, remainingMs = Infinity }: FailedAttempt, random: () => number = Math.random
): NextAttempt {
  if (failure === 'closed') return { kind: 'wait', afterMs: retryAfterMs > 0 ? retryAfterMs : closedMs }
  if (attempts >= maximumAttempts || !isRetried(failure, ambiguous)) return { kind: 'give_up' }
  const jitterMs = Math.floor(random() * (failure === 'ambiguous' || attempts > 1 ? longMs : shortMs))
  // The jitter is added to Retry-After, because messages that were throttled together received the same value.
  const afterMs = retryAfterMs + jitterMs
  return afterMs < remainingMs ? { kind: 'retry', afterMs } : { kind: 'give_up' }
}

/** An ambiguous outcome is retried once, since a first retry may send the SMS twice and a second one three times. */
function isRetried (failure: SmsFailure, ambiguous: number): boolean {
  return failure === 'busy' || failure === 'unreachable' || (failure === 'ambiguous' && ambiguous === 0)
}

/** The longest life of a code. */
const maximumMs = 600_000

/**
 * Parses a Retry-After header, given in seconds or as an HTTP date (RFC 9110 §10.2.3), to milliseconds: 10 minutes at
 * most. Returns `undefined` without a valid header.
 */
export function readRetryAfter (header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined
  const waitMs = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now
  return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(waitMs, 0), maximumMs)
}
