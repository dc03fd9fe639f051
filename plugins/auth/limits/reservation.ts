import { RateLimitedError } from '../../../src/http/errors.ts'
import type { LimitName, Take } from './counters.ts'

export interface Claim {
  limit: LimitName
  take (): Promise<Take>
  /** Counted even if no SMS goes out. */
  isKept?: boolean
}

export interface Taken {
  isKept: boolean
  giveBack (): Promise<void>
}

export interface Taker {
  /**
   * Takes all or nothing: the claims of a round at once, the rounds one after the other. The narrowest limits come
   * first, so that a client who is over its own never holds, even for a moment, what others may have.
   */
  takeAll (rounds: Claim[][]): Promise<Taken[]>
  /** Resolves when nothing is under way any more. */
  settled (): Promise<void>
}

export async function giveBackAll (taken: Taken[]): Promise<void> {
  await Promise.all(taken.map(async ({ giveBack }) => { await giveBack() }))
}

export function createTaker (): Taker {
  const underWay = new Set<Promise<void>>()

  /** For a caller who must not wait for a store that fails. What it does not take back stays counted. */
  function giveBackLater (taken: Taken[]): void {
    const job = giveBackAll(taken).catch(() => {}).finally(() => underWay.delete(job))
    underWay.add(job)
  }

  async function takeRound (claims: Claim[], taken: Taken[]): Promise<void> {
    const refusals: Array<{ limit: LimitName, waitMs: number }> = []
    const outcomes = await Promise.allSettled(claims.map(async ({ limit, take, isKept = false }) => {
      const outcome = await take()
      if (outcome.kind === 'taken') taken.push({ isKept, giveBack: outcome.giveBack })
      else refusals.push({ limit, waitMs: outcome.waitMs })
    }))
    const failure = outcomes.find((outcome) => outcome.status === 'rejected')
    if (failure !== undefined) {
      giveBackLater(taken)
      throw failure.reason
    }
    const longest = refusals.sort((one, other) => other.waitMs - one.waitMs)[0]
    if (longest === undefined) return
    await giveBackAll(taken)
    throw new RateLimitedError(longest.limit, Math.max(1, Math.ceil(longest.waitMs / 1000)))
  }

  return {
    async takeAll (rounds) {
      const taken: Taken[] = []
      for (const round of rounds) await takeRound(round, taken)
      return taken
    },
    async settled () {
      await Promise.all(underWay)
    }
  }
}
