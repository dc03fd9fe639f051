/** How the sending of one SMS is tried: at most this often, with this pause between (as in the original). */
export const maximumAttempts = 3
export const retryPauseMs = 2000

export type AttemptOutcome =
  /** The carrier said no for good: bad number, bad credentials, blocked text. */
  | 'permanent'
  /** It may work later: throttled, unreachable, or no answer. */
  | 'transient'

/** What a failed carrier call means, by its HTTP status; none means that there was no answer. */
export function classifyStatus (status: number | undefined): AttemptOutcome {
  return status !== undefined && status >= 400 && status < 500 && status !== 408 && status !== 429 ? 'permanent' : 'transient'
}

/** Milliseconds until the next attempt, or `undefined` when there is none. `attempt` counts from 1. */
export function pauseAfter (attempt: number, outcome: AttemptOutcome): number | undefined {
  return outcome === 'permanent' || attempt >= maximumAttempts ? undefined : retryPauseMs
}
