import type { Cluster, Redis } from 'ioredis'

/** Clocks drift apart by far less than a millisecond in this time. */
const trustedForMs = 10_000

/** The distance of the server's clock from the clock of this machine. */
export interface ServerTime {
  /** Server minus machine, milliseconds; 0 before the first measurement. */
  readonly distanceMs: number
  /** True if the last measurement is older than 10 s, or a clock may have been set since. */
  readonly isStale: boolean
  /** Asks the server for its time, and returns the new distance. */
  measure (): Promise<number>
  /** Makes the distance stale. */
  distrust (): void
}

const times = new WeakMap<Redis | Cluster, ServerTime>()

/** Returns the one measurement of a client, which all of its users share. */
export function serverTimeOf (redis: Redis | Cluster): ServerTime {
  const known = times.get(redis)
  if (known !== undefined) return known
  const time = createServerTime(redis)
  times.set(redis, time)
  return time
}

function createServerTime (redis: Redis | Cluster): ServerTime {
  let distanceMs = 0
  let measuredAt = -Infinity
  return {
    get distanceMs () { return distanceMs },
    get isStale () { return Math.abs(Date.now() - measuredAt) > trustedForMs },
    async measure () {
      const before = Date.now()
      const [seconds, microseconds] = await redis.time()
      const after = Date.now()
      distanceMs = Number(seconds) * 1000 + Number(microseconds) / 1000 - (before + after) / 2
      measuredAt = after
      return distanceMs
    },
    distrust () { measuredAt = -Infinity }
  }
}
