import type { Cluster, Redis, Result } from 'ioredis'
import { RateLimiterRedis } from 'rate-limiter-flexible'
import { createDeadlines, type Deadlines } from '../../../src/redis/deadlines.ts'
import { createCounter, taken, type CounterStore, type DistinctCounter, type Limit } from './counters.ts'
import { countDistinctScript, countScript } from './scripts.ts'

declare module 'ioredis' {
  interface RedisCommander<Context> {
    limitCount (...args: Array<string | number>): Result<string[], Context>
    limitCountDistinct (...args: Array<string | number>): Result<string[], Context>
  }
}

/** For any number of instances: one key a count, one script and one round trip a take. */
export function createRedisCounters (redis: Redis | Cluster): CounterStore {
  const deadlines = createDeadlines(redis)
  redis.defineCommand('limitCount', { numberOfKeys: 1, lua: countScript })
  redis.defineCommand('limitCountDistinct', { numberOfKeys: 1, lua: countDistinctScript })
  const storeClient = createStoreClient(redis, deadlines)
  return {
    counter: ({ name, maximum, windowSeconds }) => createCounter(
      new RateLimiterRedis({ storeClient, keyPrefix: `limit:${name}`, points: maximum, duration: windowSeconds })
    ),
    distinct: (limit) => createDistinctCounter(redis, deadlines, limit)
  }
}

/**
 * What the library needs of a client. It would define its script on the client itself, under a name that all limiters
 * share, and knows no deadline. Here it is the one command of ours, with the four arguments that the library gives.
 */
function createStoreClient (redis: Redis | Cluster, deadlines: Deadlines) {
  return {
    async rlflxIncr ([key, ...args]: [string, ...string[]]): Promise<number[]> {
      const reply = await deadlines.run((deadline) => redis.limitCount(key, ...args, deadline))
      return reply.map(Number)
    }
  }
}

function createDistinctCounter (redis: Redis | Cluster, deadlines: Deadlines, { name, maximum, windowSeconds }: Limit): DistinctCounter {
  return {
    async take (key, member) {
      const startedAt = Date.now()
      const run = async (change: number) => await deadlines.run(
        (deadline) => redis.limitCountDistinct(`limit:${name}:${key}`, change, windowSeconds, maximum, member, deadline)
      )
      const [count, rest] = (await run(1)).map(Number) as [number, number]
      return count > maximum ? { kind: 'refused', waitMs: rest } : taken(startedAt, rest, async () => await run(-1))
    }
  }
}
