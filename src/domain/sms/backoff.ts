import type { SmsFailure } from './failures.ts'

/** Carrier calls for one SMS, in all. */
export const maximumAttempts = 3
/** The first pause is drawn from up to this much. */
const shortMs = 2000
/**
 * The second one from up to this much: attempts outlast a carrier's restart of some seconds, and end before a person
 * asks for another SMS. The only retry of an ambiguous outcome too: meanwhile a receipt may tell that it is not needed.
 */
const longMs = 6000
/** Where a closed road does not say when it may be tried. */
const closedMs = 5000

export interface FailedAttempt {
  /** Carrier calls begun, this one among them. */
  attempts: number
  /** Outcomes before this one of which nobody knows whether they sent something. */
  ambiguous: number
  failure: SmsFailure
  /** As the carrier, or the circuit, said. */
  retryAfterMs?: number | undefined
  /** What is left of the message's use; later it would be dropped. */
  restMs?: number
}

export type NextAttempt =
  | { kind: 'retry', afterMs: number }
  | { kind: 'give_up' }
  /** Nobody was asked, so it was no attempt. */
  | { kind: 'wait', afterMs: number }

/**
 * What follows a failed attempt. Pauses have full jitter, so that a carrier that recovers does not meet all that waited
 * at once: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/. `random` is from 0 to below 1.
 */
export function nextAttempt ({ attempts, ambiguous, failure, retryAfterMs = 0, restMs = Infinity }: FailedAttempt, random: () => number = Math.random): NextAttempt {
  if (failure === 'closed') return { kind: 'wait', afterMs: retryAfterMs > 0 ? retryAfterMs : closedMs }
  if (attempts >= maximumAttempts || !isRetried(failure, ambiguous)) return { kind: 'give_up' }
  const jitterMs = Math.floor(random() * (failure === 'ambiguous' || attempts > 1 ? longMs : shortMs))
  // On top: all that were throttled together were told the same Retry-After.
  const afterMs = retryAfterMs + jitterMs
  return afterMs < restMs ? { kind: 'retry', afterMs } : { kind: 'give_up' }
}

/** The retry of a first ambiguous outcome may send the SMS twice; a second one could send it three times. */
function isRetried (failure: SmsFailure, ambiguous: number): boolean {
  return failure === 'busy' || failure === 'unreachable' || (failure === 'ambiguous' && ambiguous === 0)
}
