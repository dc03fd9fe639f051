import * as rules from '../../src/domain/challenge.ts'

/*
 * The rules of src/domain/challenge.ts as Redis scripts, so that each step is atomic for all instances.
 * KEYS of both: 1 the number's record, 2 its challenge, 3 its last used code; one hash tag, so one cluster node.
 * ARGV[2] of both: until when, by the server's own clock, the step may run. Whoever asked has given up by then, and a
 * server that was frozen must not use a code up, or start a gap, for an answer that nobody hears.
 * A record that is corrupt or of another version (field v) counts as absent.
 */
const prelude = `
local phoneKey, challengeKey, usedKey = KEYS[1], KEYS[2], KEYS[3]
local now = tonumber(ARGV[1])

local clock = redis.call('TIME')
if clock[1] * 1000 + clock[2] / 1000 > tonumber(ARGV[2]) then return { 'late' } end

-- tostring() would write 1.7e+12
local function int(number) return string.format('%.0f', number) end

-- tonumber() would take 'nan' and 'inf'
local function number(text)
  local n = tonumber(text)
  if n and n >= 0 and n < 2^53 and n == math.floor(n) then return n end
  return nil
end

local function read(key, ...)
  local fields = redis.pcall('HMGET', key, 'v', ...)
  if fields.err then redis.call('DEL', key) return nil end
  if fields[1] ~= '1' then return nil end
  return fields
end

local function readPhone()
  local r = read(phoneKey, 'failures', 'failedAt', 'misses', 'missedAt', 'lockedUntil', 'gaps', 'sentAt', 'nextSendAt') or {}
  local function field(index) return number(r[index]) or 0 end
  local p = { failures = field(2), failedAt = field(3), misses = field(4), missedAt = field(5),
    lockedUntil = field(6), gaps = field(7), sentAt = field(8), nextSendAt = field(9) }
  if now - p.failedAt >= ${rules.failureMemoryMs} then p.failures = 0 end
  if now - p.missedAt >= ${rules.missMemoryMs} then p.misses = 0 end
  if now - p.sentAt >= ${rules.quietMs} then p.gaps = 0 p.nextSendAt = 0 end
  return p
end

local function writePhone(p)
  local keep = math.max(${rules.quietMs}, p.lockedUntil - now, p.nextSendAt - now)
  if p.failures > 0 then keep = ${rules.failureMemoryMs} end
  redis.call('DEL', phoneKey)
  redis.call('HSET', phoneKey, 'v', '1', 'failures', int(p.failures), 'failedAt', int(p.failedAt),
    'misses', int(p.misses), 'missedAt', int(p.missedAt), 'lockedUntil', int(p.lockedUntil),
    'gaps', int(p.gaps), 'sentAt', int(p.sentAt), 'nextSendAt', int(p.nextSendAt))
  redis.call('PEXPIRE', phoneKey, int(keep))
end

local function readChallenge()
  local r = read(challengeKey, 'id', 'secretId', 'sealed', 'check', 'nameTag', 'disputed', 'nameRequests', 'sends', 'createdAt', 'expiresAt')
  if not r then return nil end
  for index = 2, 11 do if not r[index] then return nil end end
  local c = { id = r[2], secretId = r[3], sealed = r[4], check = r[5], nameTag = r[6], disputed = r[7],
    nameRequests = number(r[8]), sends = number(r[9]), createdAt = number(r[10]), expiresAt = number(r[11]) }
  if not (c.nameRequests and c.sends and c.createdAt and c.expiresAt) or c.expiresAt <= now then return nil end
  return c
end

local function writeChallenge(c)
  redis.call('DEL', challengeKey)
  redis.call('HSET', challengeKey, 'v', '1', 'id', c.id, 'secretId', c.secretId, 'sealed', c.sealed, 'check', c.check,
    'nameTag', c.nameTag, 'disputed', c.disputed, 'nameRequests', int(c.nameRequests), 'sends', int(c.sends),
    'createdAt', int(c.createdAt), 'expiresAt', int(c.expiresAt))
  redis.call('PEXPIRE', challengeKey, int(c.expiresAt - now))
end

local function lockOf(p)
  if p.failures >= ${rules.maximumFailures} then return now + ${rules.closedRetryMs} end
  if p.lockedUntil > now then return p.lockedUntil end
  return nil
end

local waits = { ${rules.waitsMs.join(', ')} }
local function waitAfter(count) return waits[count / ${rules.failuresPerWait}] or waits[#waits] end
`

/**
 * ARGV: 1 now, 2 deadline, 3 life, 4 first gap (all ms), 5 to 9 id, secretId, sealed, check and nameTag of the candidate.
 * Answers {'late'}, {kind, retryAt} or {kind, challengeId, send, expiresAt, nextSendAt}.
 */
export const issueScript = `${prelude}
local ttl, resend = tonumber(ARGV[3]), tonumber(ARGV[4])
local candidate = { id = ARGV[5], secretId = ARGV[6], sealed = ARGV[7], check = ARGV[8], nameTag = ARGV[9],
  disputed = '0', nameRequests = 0, sends = 1, createdAt = now, expiresAt = now + ttl }

local p = readPhone()
local lock = lockOf(p)
if lock then return { 'locked', int(lock) } end

local c = readChallenge()
if c and c.nameTag ~= candidate.nameTag then c.disputed = '1' end
if p.nextSendAt > now then
  if not c then return { 'too_soon', int(p.nextSendAt) } end
  writeChallenge(c)
  return { 'waiting', c.id, int(c.sends), int(c.expiresAt), int(p.nextSendAt) }
end

if c and c.expiresAt - now >= ${rules.minimumRestMs} then
  c.sends = c.sends + 1
  c.expiresAt = math.min(now + ttl, c.createdAt + ${rules.maximumLifeMs})
else
  if c then candidate.disputed = c.disputed end
  c = candidate
end
writeChallenge(c)

local factors = { ${rules.gapFactors.join(', ')} }
p.nextSendAt = now + resend * (factors[p.gaps + 1] or factors[#factors])
p.gaps = p.gaps + 1
p.sentAt = now
writePhone(p)
return { 'sent', c.id, int(c.sends), int(c.expiresAt), int(p.nextSendAt) }
`

/**
 * ARGV: 1 now, 2 deadline, 3 whether it can register (1 or 0), then pairs of secretId and check.
 * Answers {kind}, {'locked', retryAt} or {'right', challengeId, secretId, sealed, disputed}.
 */
export const verifyScript = `${prelude}
local checks = {}
for index = 4, #ARGV, 2 do checks[ARGV[index]] = ARGV[index + 1] end

local p = readPhone()
local lock = lockOf(p)
if lock then return { 'locked', int(lock) } end

local c = readChallenge()
if c and checks[c.secretId] == c.check then
  if ARGV[3] == '0' and (c.nameTag == '' or c.disputed == '1') then
    c.nameRequests = c.nameRequests + 1
    if c.nameRequests <= ${rules.maximumNameRequests} then writeChallenge(c) return { 'name_required' } end
    redis.call('DEL', challengeKey)
    return { 'wrong' }
  end
  redis.call('DEL', phoneKey, challengeKey, usedKey)
  redis.call('HSET', usedKey, 'v', '1', 'secretId', c.secretId, 'check', c.check, 'expiresAt', int(c.expiresAt))
  redis.call('PEXPIRE', usedKey, int(c.expiresAt - now))
  return { 'right', c.id, c.secretId, c.sealed, c.disputed }
end

local u = read(usedKey, 'secretId', 'check', 'expiresAt')
if u and u[2] and u[3] and (number(u[4]) or 0) > now and checks[u[2]] == u[3] then return { 'wrong' } end

if c then
  p.failures = p.failures + 1
  p.failedAt = now
  if p.failures % ${rules.failuresPerWait} == 0 then
    redis.call('DEL', challengeKey)
    p.nextSendAt = 0
    p.lockedUntil = now + waitAfter(p.failures)
  end
else
  p.misses = p.misses + 1
  p.missedAt = now
  if p.misses % ${rules.failuresPerWait} == 0 then p.lockedUntil = now + waitAfter(p.misses) end
end
writePhone(p)
return { 'wrong' }
`
