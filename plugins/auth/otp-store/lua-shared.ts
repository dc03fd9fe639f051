import * as records from '../../../src/domain/auth/challenge-records.ts'
import { lateRefusal, recordFunctions, recordVersion } from '../../../src/redis/scripts.ts'

/*
 * The rules of src/domain/auth/challenge.ts as Redis scripts, so that each step is atomic for all instances. Each is made of
 * the parts here that it uses, as what a script does not use costs it time all the same.
 * KEYS: 1 the number's record, 2 its challenge, 3 its last used code, 4 the asking device's record; one hash tag,
 * so one cluster node. ARGV of issue and verify: 1 now, 2 deadline, 3 whether the device is a known one (1 or 0).
 * The deadline is by the server's own clock. Whoever asked has given up by then, and a server that was frozen must
 * not use a code up, or start a gap, for an answer that nobody hears.
 * A record that is corrupt or of another version (field v) counts as absent, and what is no count in one of counts as 0.
 * Records are made anew of what was read, so that nothing is kept that the rules do not know.
 */

/** A Lua table of these fields. */
function table (fields: string[], valueOf: (field: string) => string): string {
  return `{ ${fields.map((field) => `${field} = ${valueOf(field)}`).join(', ')} }`
}

const phoneFields = Object.keys(records.createPhoneRecord())
const deviceFields = Object.keys(records.createDeviceRecord())

/** How each begins, but those that need no deadline. */
export const opening = `
local now = tonumber(ARGV[1])
${lateRefusal}${recordFunctions}
`

/** What is kept of the number, or nil, as `kept`; and its record as `p`. */
const storedPhone = `
local function countOf(value) return isCount(value) and value or 0 end
local kept = readRecord(KEYS[1])
local p = kept and ${table(phoneFields, (field) => `countOf(kept.${field})`)} or ${table(phoneFields, () => '0')}
`

/** The JSON of `p`. It holds nothing but counts, which costs half as much this way as with cjson. */
const phoneText = `string.format('{"v":${recordVersion},${phoneFields.map((field) => `"${field}":%.0f`).join(',')}}', ${phoneFields.map((field) => `p.${field}`).join(', ')})`

/** The number's record as `p`, without what time has ended. */
export const readPhone = `${storedPhone}
if now - p.failedAt >= ${records.failureMemoryMs} then p.failures = 0 end
if now - p.missedAt >= ${records.missMemoryMs} then p.misses = 0 end
if now - p.sentAt >= ${records.resetWindowMs} then p.gaps = 0 p.nextSendAt = 0 end
if now - p.hourStart >= ${records.windowsMs.hour} then p.hourSends = 0 end
if now - p.dayStart >= ${records.windowsMs.day} then p.daySends = 0 end
`

/** Keeps `p` for as long as it matters. */
export const writePhone = `
local life = math.max(${records.resetWindowMs}, p.lockedUntil - now, p.nextSendAt - now)
if p.daySends > 0 then life = math.max(life, p.dayStart + ${records.windowsMs.day} - now) end
if p.failures > 0 then life = ${records.failureMemoryMs} end
redis.call('SET', KEYS[1], ${phoneText}, 'PX', int(life))
`

/** Ends the number's gap, and changes neither its other counts nor its life. It needs no deadline and no time. */
export const endCooldown = `${recordFunctions}${storedPhone}
if kept then
  p.nextSendAt = 0
  redis.call('SET', KEYS[1], ${phoneText}, 'KEEPTTL')
end
`

const texts = ['id', 'secretId', 'sealed', 'check', 'nameTag']
const counts = ['nameRequests', 'sends', 'createdAt', 'expiresAt']
const isWhole = [
  ...texts.map((field) => `type(record.${field}) == 'string'`), "type(record.isNameDisputed) == 'boolean'", ...counts.map((field) => `isCount(record.${field})`)
].join(' and ')

/** The live challenge as `c`, or nil. */
export const readChallenge = `
local c
local record = readRecord(KEYS[2])
if record and ${isWhole} and record.expiresAt > now then
  c = ${table([...texts, 'isNameDisputed', ...counts], (field) => `record.${field}`)}
end
`

/** Keeps `c` for as long as it lives. */
export const writeChallenge = 'writeRecord(KEYS[2], c, c.expiresAt - now)'

/** What the asking device has used of its reserve as `d`, or nil where it is not a known one. Comes after `readPhone`. */
export const readDevice = `
local d
if ARGV[3] == '1' then
  local used = readRecord(KEYS[4])
  if not used or now - countOf(used.since) >= ${records.trustedDeviceAllowance.windowMs} then used = {} end
  d = ${table(deviceFields, (field) => `countOf(used.${field})`)}
end
`

/** Keeps `d`, whose window begins with its first use. */
export const writeDevice = `
if d.since == 0 then d.since = now end
writeRecord(KEYS[4], d, ${records.trustedDeviceAllowance.windowMs})
`

/** Until when the number is locked, or nil, as `lock`. */
export const findLockout = `
local lock
if p.failures >= ${records.maximumFailures} then lock = now + ${records.closedRetryMs}
elseif p.lockedUntil > now then lock = p.lockedUntil end
`

/** Comes after `perHour` and `perDay`. */
export const findSendLimit = `
local function findSendLimit()
  local limit
  if perHour > 0 and p.hourSends >= perHour then limit = p.hourStart + ${records.windowsMs.hour} end
  if perDay > 0 and p.daySends >= perDay then limit = math.max(limit or 0, p.dayStart + ${records.windowsMs.day}) end
  return limit
end
`
