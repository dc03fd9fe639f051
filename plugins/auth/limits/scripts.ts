/*
 * KEYS[1]: the count. ARGV: 1 what to add (-1 gives one back), 2 seconds of a window, 3 maximum, 4 a member or nothing
 * of interest, 5 until when, by the server's own clock, the step may run: whoever asked has given up by then, and a
 * server that was frozen must not count what was never sent. Giving back is right however late.
 * Answers {'late'} or {count, milliseconds until the window ends}; a count over the maximum was refused, and not counted.
 */
const prelude = `
local key, change, seconds, maximum = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])

local clock = redis.call('TIME')
if change > 0 and clock[1] * 1000 + clock[2] / 1000 > tonumber(ARGV[5]) then return { 'late' } end

-- The key is still there in the millisecond in which it ends.
local rest = redis.call('PTTL', key)
if rest <= 0 then
  redis.call('DEL', key)
  rest = 0
end

local function begin()
  if rest > 0 then return end
  redis.call('EXPIRE', key, seconds)
  rest = seconds * 1000
end

local function answer(count) return { tostring(count), tostring(rest) } end
`

/** For rate-limiter-flexible, whose own script counts what it refuses, and lets a count that ended go below zero. */
export const countScript = `${prelude}
local count = tonumber(redis.call('GET', key) or '0')
if change > 0 and count + change > maximum then return answer(count + change) end
if change < 0 and count == 0 then return answer(0) end
count = redis.call('INCRBY', key, change)
begin()
return answer(count)
`

/** A hash from each member to how many hold it; its length is the count. */
export const countDistinctScript = `${prelude}
local member = ARGV[4]
local held = tonumber(redis.call('HGET', key, member) or '0')
local count = redis.call('HLEN', key)
if change < 0 then
  if held > 1 then redis.call('HINCRBY', key, member, change) else redis.call('HDEL', key, member) end
  return answer(count)
end
if held == 0 and count >= maximum then return answer(count + 1) end
redis.call('HINCRBY', key, member, change)
begin()
return answer(redis.call('HLEN', key))
`
