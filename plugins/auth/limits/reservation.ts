import type { LimitName } from '../../../src/domain/auth/limits.ts'
import { RateLimitedError } from '../../../src/http/errors.ts'
import type { CountOutcome } from './contract.ts'

export interface LimitRequest {
  limit: LimitName
  acquire (): Promise<CountOutcome>
  /** Stays counted even if no SMS goes out. */
  isRetained: boolean
}

export interface Reservation {
  isRetained: boolean
  release (): Promise<void>
}

export interface Reservations {
  /**
   * Acquires all requests or none: the requests of a round concurrently, the rounds in turn. The narrowest limits come first, so
   * that a client over its own limit never occupies shared limits, not even briefly.
   * @throws {RateLimitedError} of the limit with the longest remaining time
   */
  acquireAll (rounds: LimitRequest[][]): Promise<Reservation[]>
  /** Resolves when no release is in flight. */
  idle (): Promise<void>
}

export async function releaseAll (reservations: Reservation[]): Promise<void> {
  await Promise.all(reservations.map(async ({ release }) => { await release() }))
}

export function createReservations (): Reservations {
  const inFlight = new Set<Promise<void>>()

  /** Releases without making the caller wait for a store that fails. A request that cannot be released stays counted. */
  function releaseInBackground (acquired: Reservation[]): void {
    const job = releaseAll(acquired).catch(() => {}).finally(() => inFlight.delete(job))
    inFlight.add(job)
  }

  /** Adds to `acquired`; after a refusal or a failure everything in it is released. */
  async function acquireRound (requests: LimitRequest[], acquired: Reservation[]): Promise<void> {
    const refusals: Array<{ limit: LimitName, remainingMs: number }> = []
    const outcomes = await Promise.allSettled(requests.map(async ({ limit, acquire, isRetained }) => {
      const outcome = await acquire()
      if (outcome.kind === 'acquired') acquired.push({ isRetained, release: outcome.release })
      else refusals.push({ limit, remainingMs: outcome.remainingMs })
    }))
    const failure = outcomes.find((outcome) => outcome.status === 'rejected')
    if (failure !== undefined) {
      releaseInBackground(acquired)
      throw failure.reason
    }
    const longest = refusals.sort((one, other) => other.remainingMs - one.remainingMs)[0]
    if (longest === undefined) return
    await releaseAll(acquired)
    throw new RateLimitedError(longest.limit, Math.max(1, Math.ceil(longest.remainingMs / 1000)))
  }

  return {
    async acquireAll (rounds) {
      const acquired: Reservation[] = []
      for (const round of rounds) await acquireRound(round, acquired)
      return acquired
    },
    async idle () {
      await Promise.all(inFlight)
    }
  }
}
