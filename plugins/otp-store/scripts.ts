import * as records from '../../src/domain/challenge-records.ts'

/*
 * The rules of src/domain/challenge.ts as Redis scripts, so that each step is atomic for all instances.
 * KEYS: 1 the number's record, 2 its challenge, 3 its last used code, 4 the asking device's record; one hash tag,
 * so one cluster node. ARGV of both: 1 now, 2 deadline, 3 whether the device is a known one (1 or 0).
 * The deadline is by the server's own clock. Whoever asked has given up by then, and a server that was frozen must
 * not use a code up, or start a gap, for an answer that nobody hears.
 * A record that is corrupt or of another version (field v) counts as absent.
 */
const prelude = `
local phoneKey, challengeKey, usedKey, deviceKey = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
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

local function read(key, fields)
  local values = redis.pcall('HMGET', key, 'v', unpack(fields))
  if values.err then redis.call('DEL', key) return nil end
  if values[1] ~= '1' then return nil end
  table.remove(values, 1)
  return values
end

local function readCounts(key, fields)
  local values, counts = read(key, fields) or {}, {}
  for index, field in ipairs(fields) do counts[field] = number(values[index]) or 0 end
  return counts
end

local function writeCounts(key, fields, counts, keep)
  local values = {}
  for _, field in ipairs(fields) do
    table.insert(values, field)
    table.insert(values, int(counts[field]))
  end
  redis.call('DEL', key)
  redis.call('HSET', key, 'v', '1', unpack(values))
  redis.call('PEXPIRE', key, int(keep))
end

local phoneFields = { ${Object.keys(records.createPhoneRecord()).map((field) => `'${field}'`).join(', ')} }
local function readPhone()
  local p = readCounts(phoneKey, phoneFields)
  if now - p.failedAt >= ${records.failureMemoryMs} then p.failures = 0 end
  if now - p.missedAt >= ${records.missMemoryMs} then p.misses = 0 end
  if now - p.sentAt >= ${records.quietMs} then p.gaps = 0 p.nextSendAt = 0 end
  if now - p.hourStart >= ${records.windowsMs.hour} then p.hourSends = 0 end
  if now - p.dayStart >= ${records.windowsMs.day} then p.daySends = 0 end
  return p
end

local function writePhone(p)
  local keep = math.max(${records.quietMs}, p.lockedUntil - now, p.nextSendAt - now)
  if p.daySends > 0 then keep = math.max(keep, p.dayStart + ${records.windowsMs.day} - now) end
  if p.failures > 0 then keep = ${records.failureMemoryMs} end
  writeCounts(phoneKey, phoneFields, p, keep)
end

local deviceFields = { ${Object.keys(records.createDeviceRecord()).map((field) => `'${field}'`).join(', ')} }
local function readDevice()
  if ARGV[3] == '0' then return nil end
  local d = readCounts(deviceKey, deviceFields)
  if now - d.since >= ${records.reserve.windowMs} then d = { since = 0, sends = 0, guesses = 0, nextSendAt = 0 } end
  return d
end

local function writeDevice(d)
  if d.since == 0 then d.since = now end
  writeCounts(deviceKey, deviceFields, d, ${records.reserve.windowMs})
end

local function readChallenge()
  local r = read(challengeKey, { 'id', 'secretId', 'sealed', 'check', 'nameTag', 'disputed', 'nameRequests', 'sends', 'createdAt', 'expiresAt' })
  if not r then return nil end
  for index = 1, 10 do if not r[index] then return nil end end
  local c = { id = r[1], secretId = r[2], sealed = r[3], check = r[4], nameTag = r[5], disputed = r[6],
    nameRequests = number(r[7]), sends = number(r[8]), createdAt = number(r[9]), expiresAt = number(r[10]) }
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
  if p.failures >= ${records.maximumFailures} then return now + ${records.closedRetryMs} end
  if p.lockedUntil > now then return p.lockedUntil end
  return nil
end

local waits = { ${records.waitsMs.join(', ')} }
local function waitAfter(count) return waits[count / ${records.failuresPerWait}] or waits[#waits] end

local factors = { ${records.gapFactors.join(', ')} }
local function gapAfter(sends, resend) return math.min(resend * (factors[sends + 1] or factors[#factors]), ${records.quietMs}) end
`

/**
 * ARGV from 4: life, first gap (ms), SMS an hour and a day (0 for any number), whether it is a mere question (1 or 0),
 * the secrets in force (with commas around each; all where empty), then id, secretId, sealed, check and nameTag of the candidate.
 * Answers {'late'}, {'due'}, {kind, retryAt} or {kind, challengeId, send, expiresAt, nextSendAt, isReserve}.
 */
export const issueScript = `${prelude}
local ttl, resend, perHour, perDay = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local isQuestion = ARGV[8] == '1'
local candidate = { id = ARGV[10], secretId = ARGV[11], sealed = ARGV[12], check = ARGV[13], nameTag = ARGV[14],
  disputed = '0', nameRequests = 0, sends = 1, createdAt = now, expiresAt = now + ttl }

local p, c, d = readPhone(), readChallenge(), readDevice()
if c and ARGV[9] ~= '' and not string.find(ARGV[9], ',' .. c.secretId .. ',', 1, true) then c = nil end

local function limitOf()
  local limit
  if perHour > 0 and p.hourSends >= perHour then limit = p.hourStart + ${records.windowsMs.hour} end
  if perDay > 0 and p.daySends >= perDay then limit = math.max(limit or 0, p.dayStart + ${records.windowsMs.day}) end
  return limit
end

local function refusalOf()
  local lock = lockOf(p)
  if lock then return { 'locked', int(lock) } end
  if p.nextSendAt > now then
    if not c then return { 'too_soon', int(p.nextSendAt) } end
    return nil
  end
  local limit = limitOf()
  if limit then return { 'limited', int(limit) } end
  return nil
end

local function answer(kind, nextSendAt, isReserve)
  return { kind, c.id, int(c.sends), int(c.expiresAt), int(nextSendAt), isReserve }
end

local function renew()
  if c and c.expiresAt - now >= ${records.minimumRestMs} then
    c.sends = c.sends + 1
    c.expiresAt = math.min(now + ttl, c.createdAt + ${records.maximumLifeMs})
  else
    if c then candidate.disputed = c.disputed end
    c = candidate
  end
  writeChallenge(c)
end

if c and c.nameTag ~= candidate.nameTag then
  c.disputed = '1'
  writeChallenge(c)
end
local refusal = refusalOf()
if refusal and not d then return refusal end

if refusal then
  local isInGap = d.nextSendAt > now
  if isInGap and c then return answer('waiting', d.nextSendAt, '0') end
  if d.sends >= ${records.reserve.sends} or (refusal[1] == 'locked' and d.guesses >= ${records.reserve.guesses}) then return refusal end
  if isInGap then
    if d.nextSendAt < tonumber(refusal[2]) then return { 'too_soon', int(d.nextSendAt) } end
    return refusal
  end
  if isQuestion then return { 'due' } end
  renew()
  d.nextSendAt = now + gapAfter(d.sends, resend)
  d.sends = d.sends + 1
  writeDevice(d)
  return answer('sent', d.nextSendAt, '1')
end
if c and p.nextSendAt > now then return answer('waiting', p.nextSendAt, '0') end
if isQuestion then return { 'due' } end

renew()
p.nextSendAt = now + gapAfter(p.gaps, resend)
p.gaps = p.gaps + 1
p.sentAt = now
if p.hourSends == 0 then p.hourStart = now end
if p.daySends == 0 then p.dayStart = now end
p.hourSends = p.hourSends + 1
p.daySends = p.daySends + 1
writePhone(p)
return answer('sent', p.nextSendAt, '0')
`

/**
 * ARGV from 4: whether it can register (1 or 0), then pairs of secretId and check.
 * Answers {'late'}, {kind}, {'locked', retryAt} or {'right', challengeId, secretId, sealed, disputed}.
 */
export const verifyScript = `${prelude}
local checks = {}
for index = 5, #ARGV, 2 do checks[ARGV[index]] = ARGV[index + 1] end

local p, c, d = readPhone(), readChallenge(), readDevice()
local lock = lockOf(p)
local isReserve = lock and d and d.guesses < ${records.reserve.guesses}
if lock and not isReserve then return { 'locked', int(lock) } end

if c and checks[c.secretId] == c.check then
  if ARGV[4] == '0' and (c.nameTag == '' or c.disputed == '1') then
    c.nameRequests = c.nameRequests + 1
    if c.nameRequests <= ${records.maximumNameRequests} then writeChallenge(c) return { 'name_required' } end
    redis.call('DEL', challengeKey)
    return { 'wrong' }
  end
  p.failures, p.misses, p.lockedUntil, p.gaps, p.nextSendAt = 0, 0, 0, 0, 0
  writePhone(p)
  if d and d.since > 0 then
    d.nextSendAt = 0
    writeDevice(d)
  end
  redis.call('DEL', challengeKey, usedKey)
  redis.call('HSET', usedKey, 'v', '1', 'secretId', c.secretId, 'check', c.check, 'expiresAt', int(c.expiresAt))
  redis.call('PEXPIRE', usedKey, int(c.expiresAt - now))
  return { 'right', c.id, c.secretId, c.sealed, c.disputed }
end

local u = read(usedKey, { 'secretId', 'check', 'expiresAt' })
if u and u[1] and u[2] and (number(u[3]) or 0) > now and checks[u[1]] == u[2] then return { 'wrong' } end

if isReserve then
  d.guesses = d.guesses + 1
  writeDevice(d)
  if d.guesses >= ${records.reserve.guesses} then redis.call('DEL', challengeKey) end
  return { 'wrong' }
end
if c then
  p.failures = p.failures + 1
  p.failedAt = now
  if p.failures % ${records.failuresPerWait} == 0 then
    redis.call('DEL', challengeKey)
    p.nextSendAt = 0
    p.lockedUntil = now + waitAfter(p.failures)
  end
else
  p.misses = p.misses + 1
  p.missedAt = now
  if p.misses % ${records.failuresPerWait} == 0 then p.lockedUntil = now + waitAfter(p.misses) end
end
writePhone(p)
return { 'wrong' }
`

/** KEYS: 1 the number's record, 2 its challenge. ARGV: whether the next SMS may go out at once (1 or 0). */
export const revokeScript = `
redis.call('DEL', KEYS[2])
local phone = redis.pcall('HEXISTS', KEYS[1], 'nextSendAt')
if ARGV[1] == '1' and phone == 1 then redis.call('HSET', KEYS[1], 'nextSendAt', '0') end
return {}
`
