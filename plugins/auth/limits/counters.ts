import { RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible'

export type LimitName = 'sends_per_address_hour' | 'phones_per_address_hour' | 'verifies_per_address_hour' |
  'sends_per_prefix' | 'sends_per_minute' | 'sends_per_day'

export interface Limit {
  name: LimitName
  /** How many fit a window, which begins with the first. */
  maximum: number
  windowSeconds: number
}

export type Take =
  /** Giving it back after its window does nothing: the next window is owed nothing. */
  | { kind: 'taken', giveBack: () => Promise<void> }
  /** Nothing was counted. */
  | { kind: 'refused', waitMs: number }

export interface Counter {
  take (key: string): Promise<Take>
}

export interface DistinctCounter {
  /** A member that is counted already is free, and stays counted until everyone who took it gave it back. */
  take (key: string, member: string): Promise<Take>
}

/** Makes counters that are atomic, however many callers race, and reject with `UnavailableError`. */
export interface CounterStore {
  counter (limit: Limit): Counter
  distinct (limit: Limit): DistinctCounter
}

export function taken (startedAt: number, msBeforeNext: number, giveBack: () => Promise<unknown>): Take {
  const endsAt = startedAt + msBeforeNext
  return {
    kind: 'taken',
    async giveBack () {
      if (Date.now() < endsAt) await giveBack()
    }
  }
}

/** Over a limiter that does not count what it refuses. */
export function createCounter (limiter: RateLimiterAbstract): Counter {
  return {
    async take (key) {
      const startedAt = Date.now()
      try {
        const { msBeforeNext } = await limiter.consume(key)
        return taken(startedAt, msBeforeNext, async () => await limiter.reward(key))
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal
        return { kind: 'refused', waitMs: refusal.msBeforeNext }
      }
    }
  }
}
