import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'
import { createCounter, taken, type CounterStore, type DistinctCounter, type Limit } from './counters.ts'

/** For one process. A restart forgets everything; what has ended is dropped by a timer that keeps no process alive. */
export function createMemoryCounters (): CounterStore {
  return {
    counter: ({ name, maximum, windowSeconds }) => createCounter(new UncountedRefusals({ keyPrefix: name, points: maximum, duration: windowSeconds })),
    distinct: createDistinctCounter
  }
}

/** The library counts what it refuses; then giving one back would not make room for one. */
class UncountedRefusals extends RateLimiterMemory {
  override async consume (key: string): Promise<RateLimiterRes> {
    try {
      return await super.consume(key)
    } catch (refusal) {
      await this.reward(key)
      throw refusal
    }
  }
}

interface Window {
  endsAt: number
  /** How many hold each member. */
  holders: Map<string, number>
}

function createDistinctCounter ({ maximum, windowSeconds }: Limit): DistinctCounter {
  const windows = new Map<string, Window>()

  function open (key: string, now: number): Window {
    const window = { endsAt: now + windowSeconds * 1000, holders: new Map<string, number>() }
    windows.set(key, window)
    setTimeout(() => { if (windows.get(key) === window) windows.delete(key) }, windowSeconds * 1000).unref()
    return window
  }

  return {
    async take (key, member) {
      const now = Date.now()
      const known = windows.get(key)
      const { holders, endsAt } = known !== undefined && known.endsAt > now ? known : open(key, now)
      const held = holders.get(member) ?? 0
      if (held === 0 && holders.size >= maximum) return { kind: 'refused', waitMs: endsAt - now }
      holders.set(member, held + 1)
      return taken(now, endsAt - now, async () => {
        const left = Number(holders.get(member)) - 1
        if (left > 0) holders.set(member, left)
        else holders.delete(member)
      })
    }
  }
}
