import type { Cluster, Redis, Result } from 'ioredis'
import { createDeadlines } from '../../../src/redis/deadlines.ts'
import type { CounterStore } from './contract.ts'

declare module 'ioredis' {
  interface RedisCommander<Context> {
    limitCount (...args: Array<string | number>): Result<string[], Context>
  }
}

/*
 * KEYS[1]: the count. It is an integer, or for a limit of distinct members a hash from each member to the number of its holders,
 * whose length is the count. The key expires at the end of the window, which begins with the first request. Instances of
 * different releases share these keys, so their format and their expiry must not change.
 * ARGV: 1 change (1 acquires, -1 releases), 2 seconds of a window, 3 maximum, 4 member, or the empty text, 5 deadline.
 * The deadline is by the clock of the server: the caller of a late acquire has abandoned it, and a server that was frozen must
 * not count an SMS that was never sent. A release has no deadline.
 * Returns {'late'} or {outcome, milliseconds until the window ends}, with the outcome 'acquired', 'refused' or 'released'.
 */
const countScript = `
local key, change, seconds, maximum, member = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]
local isDistinct = member ~= ''

local clock = redis.call('TIME')
if change > 0 and clock[1] * 1000 + clock[2] / 1000 > tonumber(ARGV[5]) then return { 'late' } end

-- The key still exists in the millisecond in which it expires.
local remaining = redis.call('PTTL', key)
if remaining <= 0 then
  redis.call('DEL', key)
  remaining = 0
end

local held = isDistinct and tonumber(redis.call('HGET', key, member) or '0') or 0
local count = isDistinct and redis.call('HLEN', key) or tonumber(redis.call('GET', key) or '0')

if change < 0 then
  if held == 1 then redis.call('HDEL', key, member)
  elseif held > 1 then redis.call('HINCRBY', key, member, change)
  elseif not isDistinct and count > 0 then redis.call('INCRBY', key, change) end
  return { 'released', tostring(remaining) }
end

if held == 0 and count >= maximum then return { 'refused', tostring(remaining) } end
if isDistinct then redis.call('HINCRBY', key, member, change) else redis.call('INCRBY', key, change) end
if remaining == 0 then
  remaining = seconds * 1000
  redis.call('PEXPIRE', key, remaining)
end
return { 'acquired', tostring(remaining) }
`

/** Creates counters for any number of instances: one key per count, and one round trip per acquire or release. */
export function createRedisCounters (redis: Redis | Cluster): CounterStore {
  const deadlines = createDeadlines(redis)
  redis.defineCommand('limitCount', { numberOfKeys: 1, lua: countScript })
  return {
    async acquire ({ name, maximum, windowSeconds, key, member = '' }) {
      const startedAt = Date.now()
      const run = async (change: number) => await deadlines.run(
        (deadline) => redis.limitCount(`limit:${name}:${key}`, change, windowSeconds, maximum, member, deadline)
      )
      const [kind, remaining] = await run(1)
      const remainingMs = Number(remaining)
      if (kind === 'refused') return { kind, remainingMs }
      return {
        kind: 'acquired',
        async release () {
          if (Date.now() < startedAt + remainingMs) await run(-1)
        }
      }
    }
  }
}
