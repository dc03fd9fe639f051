import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Resolves to the result of `work`, or to `fallback` when the work takes longer than this many milliseconds.
 * The work is not interrupted, and an error of it after the timeout is ignored.
 */
export async function withTimeout<Result, Fallback> (
  milliseconds: number, work: Promise<Result>, fallback: Fallback
): Promise<Result | Fallback> {
  const timer = new AbortController()
  const timeout = sleep(milliseconds, fallback, { signal: timer.signal }).catch(() => fallback)
  try {
    return await Promise.race([work, timeout])
  } finally {
    timer.abort()
  }
}
