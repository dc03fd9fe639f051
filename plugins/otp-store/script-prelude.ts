import * as records from '../../src/domain/challenge-records.ts'
import { scriptOpening } from '../../src/redis-scripts.ts'

/*
 * The rules of src/domain/challenge.ts as Redis scripts, so that each step is atomic for all instances.
 * KEYS: 1 the number's record, 2 its challenge, 3 its last used code, 4 the asking device's record; one hash tag,
 * so one cluster node. ARGV of issue and verify: 1 now, 2 deadline, 3 whether the device is a known one (1 or 0).
 * The deadline is by the server's own clock. Whoever asked has given up by then, and a server that was frozen must
 * not use a code up, or start a gap, for an answer that nobody hears.
 * A record that is corrupt or of another version (field v) counts as absent.
 */
export const prelude = `
local phoneKey, challengeKey, usedKey, deviceKey = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local now = tonumber(ARGV[1])

${scriptOpening}

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

local function limitOf(p, perHour, perDay)
  local limit
  if perHour > 0 and p.hourSends >= perHour then limit = p.hourStart + ${records.windowsMs.hour} end
  if perDay > 0 and p.daySends >= perDay then limit = math.max(limit or 0, p.dayStart + ${records.windowsMs.day}) end
  return limit
end

local waits = { ${records.waitsMs.join(', ')} }
local function waitAfter(count) return waits[count / ${records.failuresPerWait}] or waits[#waits] end

local factors = { ${records.gapFactors.join(', ')} }
local function gapAfter(sends, resend) return math.min(resend * (factors[sends + 1] or factors[#factors]), ${records.quietMs}) end
`
