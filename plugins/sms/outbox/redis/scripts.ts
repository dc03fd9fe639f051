import type { Result } from 'ioredis'
import { maximumLifeMs } from '../../../../src/domain/auth/challenge-records.ts'

declare module 'ioredis' {
  interface RedisCommander<Context> {
    queueAddOnce (jobs: string, marker: string, job: string): Result<number, Context>
    queueMoveDue (jobs: string, delayed: string, now: number): Result<number, Context>
    queueRelease (jobs: string, delayed: string, group: string, idleMs: number, pauseMs: number, consumer: string): Result<number, Context>
    queueDropIdle (jobs: string, group: string, idleMs: number): Result<number, Context>
    queueMovePrevious (jobs: string, delayed: string, previous: string): Result<number, Context>
  }
}

/** Bounds the time that a script blocks the server; the next call moves the rest. */
export const maximumMoved = 100

/**
 * Adds a job unless this script added it before, within the longest life of a code. KEYS: 1 the stream, 2 the marker of the job.
 * ARGV: 1 the job. Returns 1 if the job was added, else 0.
 */
const addOnce = `
if redis.call('EXISTS', KEYS[2]) == 1 then return 0 end
redis.call('XADD', KEYS[1], '*', 'job', ARGV[1])
redis.call('SET', KEYS[2], '', 'PX', ${maximumLifeMs})
return 1
`

/**
 * Moves the jobs that are due to the stream. KEYS: 1 the stream, 2 the delayed jobs. ARGV: 1 now.
 * Returns how many jobs were moved.
 */
const moveDue = `
local due = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[1], 'LIMIT', 0, ${maximumMoved})
for _, job in ipairs(due) do
  redis.call('XADD', KEYS[1], '*', 'job', job)
  redis.call('ZREM', KEYS[2], job)
end
return #due
`

/**
 * Moves jobs in flight to the delayed ones: those of a consumer that closes, or those of which no process has given a sign of life.
 * KEYS: 1 the stream, 2 the delayed jobs. ARGV: 1 the group, 2 least idle time in milliseconds, 3 their pause in milliseconds, 4 the
 * consumer, empty for all. The server adds the pause to its own clock: a client that is cut off holds the command until it has
 * connected again, so a moment that the client computed would be past. A job that is delayed already keeps its moment. The consumer
 * that closes is deleted in the step that moves its last job, because a job that it received in between would be lost with it.
 * Returns how many jobs were moved.
 */
const release = `
local query = { 'XPENDING', KEYS[1], ARGV[1], 'IDLE', ARGV[2], '-', '+', ${maximumMoved} }
if ARGV[4] ~= '' then table.insert(query, ARGV[4]) end
local pending = redis.call(unpack(query))
local time = redis.call('TIME')
local dueAt = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[3])
for _, entry in ipairs(pending) do
  local stored = redis.call('XRANGE', KEYS[1], entry[1], entry[1])[1]
  if stored then redis.call('ZADD', KEYS[2], 'NX', dueAt, stored[2][2]) end
  redis.call('XDEL', KEYS[1], entry[1])
  redis.call('XACK', KEYS[1], ARGV[1], entry[1])
end
if ARGV[4] ~= '' and #pending < ${maximumMoved} then redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], ARGV[4]) end
return #pending
`

/** Deletes the consumers of ended processes. KEYS: 1 the stream. ARGV: 1 the group, 2 their idle time in milliseconds. */
const dropIdle = `
local dropped = 0
for _, info in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
  local fields = {}
  for index = 1, #info, 2 do fields[info[index]] = info[index + 1] end
  if fields.pending == 0 and fields.idle >= tonumber(ARGV[2]) then
    dropped = dropped + 1
    redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], fields.name)
  end
end
return dropped
`

/**
 * Moves the jobs of BullMQ, which kept the queue in earlier versions, and deletes what it stored about finished ones. Jobs in
 * flight have a lock, and stay until it ends: processes of such a version may still run. BullMQ takes jobs from the right end of
 * its list, and scores delayed ones by milliseconds times 4096.
 * KEYS: 1 the stream, 2 the delayed jobs. ARGV: 1 the beginning of the keys of BullMQ. Returns how many jobs were moved.
 */
const movePrevious = `
local previous, moved = ARGV[1], 0
local function take(id)
  local data = redis.call('HGET', previous .. id, 'data')
  redis.call('DEL', previous .. id)
  if data then moved = moved + 1 end
  return data
end

for _, id in ipairs(redis.call('LRANGE', previous .. 'active', 0, -1)) do
  if redis.call('EXISTS', previous .. id .. ':lock') == 0 then
    redis.call('LREM', previous .. 'active', 0, id)
    local data = take(id)
    if data then redis.call('XADD', KEYS[1], '*', 'job', data) end
  end
end
for _ = 1, ${maximumMoved} do
  local id = redis.call('RPOP', previous .. 'wait')
  if not id then break end
  local data = take(id)
  if data then redis.call('XADD', KEYS[1], '*', 'job', data) end
end
local delayed = redis.call('ZPOPMIN', previous .. 'delayed', ${maximumMoved})
for index = 1, #delayed, 2 do
  local data = take(delayed[index])
  if data then redis.call('ZADD', KEYS[2], math.floor(delayed[index + 1] / 4096), data) end
end
for _, ended in ipairs({ 'completed', 'failed' }) do
  local finished = redis.call('ZPOPMIN', previous .. ended, ${maximumMoved})
  for index = 1, #finished, 2 do redis.call('DEL', previous .. finished[index]) end
end
return moved
`

/** The scripts of the queue by the name of their command. */
export const queueScripts = {
  queueAddOnce: { numberOfKeys: 2, lua: addOnce },
  queueMoveDue: { numberOfKeys: 2, lua: moveDue },
  queueRelease: { numberOfKeys: 2, lua: release },
  queueDropIdle: { numberOfKeys: 1, lua: dropIdle },
  queueMovePrevious: { numberOfKeys: 2, lua: movePrevious }
}
