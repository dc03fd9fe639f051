import * as records from '../../../src/domain/auth/challenge-records.ts'
import { lateRefusal, recordFunctions, recordVersion } from '../../../src/redis/scripts.ts'

/*
 * The rules of src/domain/auth/challenge.ts as Redis scripts, so that each step is atomic for all instances. The two are
 * twins: a change of a rule needs the same change in both, and test/contracts/otp-store compares them.
 * Each script consists of only the parts that it uses, because Redis executes the unused ones too.
 * KEYS: 1 the record of the number, 2 its challenge, 3 its last used code, 4 the record of the requesting device. They share
 * a hash tag, so they lie on one cluster node. ARGV of issue and verify: 1 now, 2 deadline, 3 trusted device (1 or 0).
 * The deadline is by the clock of the server. After it the caller no longer waits, and a server that was frozen must not use up
 * a code or start a cooldown for a reply that nobody receives.
 * A record that is corrupt or has another version (field v) counts as absent; a field that is not a count counts as 0.
 * Records are rebuilt from the known fields, so unknown fields are dropped. Instances of different releases share the
 * records, so a field keeps its stored name (such as `gaps`, the number of resend cooldowns) when its term changes.
 */

/** Writes a Lua table constructor with these fields. */
function table (fields: string[], valueOf: (field: string) => string): string {
  return `{ ${fields.map((field) => `${field} = ${valueOf(field)}`).join(', ')} }`
}

const phoneFields = Object.keys(records.createPhoneRecord())
const deviceFields = Object.keys(records.createDeviceRecord())

/** The beginning of every script that has a deadline. */
export const opening = `
local now = tonumber(ARGV[1])
${lateRefusal}${recordFunctions}
`

/** Reads the record of the number: `stored` is the stored one or nil, `p` a complete one. */
const storedPhone = `
local function toCount(value) return isCount(value) and value or 0 end
local stored = readRecord(KEYS[1])
local p = stored and ${table(phoneFields, (field) => `toCount(stored.${field})`)} or ${table(phoneFields, () => '0')}
`

/** The JSON of `p`. All of its fields are counts, and formatting them takes half the time of cjson. */
const phoneFormat = `{"v":${recordVersion},${phoneFields.map((field) => `"${field}":%.0f`).join(',')}}`
const phoneText = `string.format('${phoneFormat}', ${phoneFields.map((field) => `p.${field}`).join(', ')})`

/** The twin of `dropExpired`: reads the record of the number as `p` and resets the counts that have expired. */
export const readPhone = `${storedPhone}
if now - p.failedAt >= ${records.failureMemoryMs} then p.failures = 0 end
if now - p.missedAt >= ${records.missMemoryMs} then p.misses = 0 end
if now - p.sentAt >= ${records.resetWindowMs} then p.gaps = 0 p.nextSendAt = 0 end
if now - p.hourStart >= ${records.windowsMs.hour} then p.hourSends = 0 end
if now - p.dayStart >= ${records.windowsMs.day} then p.daySends = 0 end
`

/** Stores `p` until it has expired. */
export const writePhone = `
local life = math.max(${records.resetWindowMs}, p.lockedUntil - now, p.nextSendAt - now)
if p.daySends > 0 then life = math.max(life, p.dayStart + ${records.windowsMs.day} - now) end
if p.failures > 0 then life = ${records.failureMemoryMs} end
redis.call('SET', KEYS[1], ${phoneText}, 'PX', int(life))
`

/** Ends the cooldown of the number. It changes neither other counts nor the expiry, so it needs no deadline and no time. */
export const endCooldown = `${recordFunctions}${storedPhone}
if stored then
  p.nextSendAt = 0
  redis.call('SET', KEYS[1], ${phoneText}, 'KEEPTTL')
end
`

const texts = ['id', 'secretId', 'sealed', 'check', 'nameTag']
const counts = ['nameRequests', 'sends', 'createdAt', 'expiresAt']
const isComplete = [
  ...texts.map((field) => `type(record.${field}) == 'string'`),
  "type(record.isNameDisputed) == 'boolean'",
  ...counts.map((field) => `isCount(record.${field})`)
].join(' and ')

/** Reads the live challenge as `c`, or nil. */
export const readChallenge = `
local c
local record = readRecord(KEYS[2])
if record and ${isComplete} and record.expiresAt > now then
  c = ${table([...texts, 'isNameDisputed', ...counts], (field) => `record.${field}`)}
end
`

/** Stores `c` until it expires. */
export const writeChallenge = 'writeRecord(KEYS[2], c, c.expiresAt - now)'

/** Reads the used allowance of a trusted device as `d`, or nil for any other device. Comes after `readPhone`. */
export const readDevice = `
local d
if ARGV[3] == '1' then
  local used = readRecord(KEYS[4])
  if not used or now - toCount(used.since) >= ${records.trustedDeviceAllowance.windowMs} then used = {} end
  d = ${table(deviceFields, (field) => `toCount(used.${field})`)}
end
`

/** Stores `d`; its window begins with the first use. */
export const writeDevice = `
if d.since == 0 then d.since = now end
writeRecord(KEYS[4], d, ${records.trustedDeviceAllowance.windowMs})
`

/** The twin of `findLockout`: the end of the lockout as `lockout`, or nil. */
export const findLockout = `
local lockout
if p.failures >= ${records.maximumFailures} then lockout = now + ${records.closedRetryMs}
elseif p.lockedUntil > now then lockout = p.lockedUntil end
`

/** The twin of `findSendLimit`. Comes after the locals `perHour` and `perDay`. */
export const findSendLimit = `
local function findSendLimit()
  local limit
  if perHour > 0 and p.hourSends >= perHour then limit = p.hourStart + ${records.windowsMs.hour} end
  if perDay > 0 and p.daySends >= perDay then limit = math.max(limit or 0, p.dayStart + ${records.windowsMs.day}) end
  return limit
end
`
