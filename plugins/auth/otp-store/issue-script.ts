import * as records from '../../../src/domain/auth/challenge-records.ts'
import {
  findLockout, findSendLimit, opening, readChallenge, readDevice, readPhone, writeChallenge, writeDevice, writePhone
} from './lua-shared.ts'

const factorAfter = (sends: string) => `(({ ${records.cooldownFactors.join(', ')} })[${sends} + 1] or ${records.lastCooldownFactor})`
const cooldownAfter = (sends: string) => `math.min(resend * ${factorAfter(sends)}, ${records.resetWindowMs})`

/**
 * The twin of `issue` in `src/domain/auth/challenge.ts`.
 * ARGV from 4: life (ms), first cooldown (ms), SMS per hour and per day (0: no limit), dry run (1 or 0), the ids of the secrets
 * in force (a comma before and after each; empty: all), then the id and nameTag of a new challenge and its record as JSON. The
 * script stores that text unchanged if it needs a new challenge, since encoding the record in Lua takes a fifth of its time.
 * Returns {'late'}, {'dry_run'}, {kind, retryAt} or
 * {kind, challengeId, sendAttempt, expiresAt, nextSendAt, usesDeviceAllowance}.
 */
export const issueScript = `${opening}
local ttl, resend, perHour, perDay = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local dryRun, secretIds = ARGV[8] == '1', ARGV[9]
${readPhone}${readChallenge}${readDevice}${findLockout}${findSendLimit}
if c and secretIds ~= '' and not string.find(secretIds, ',' .. c.secretId .. ',', 1, true) then c = nil end

local function reply(kind, nextSendAt, usesDeviceAllowance)
  return { kind, c.id, c.sends, c.expiresAt, nextSendAt, usesDeviceAllowance }
end

local function getNextSendAt()
  if d and d.sends < ${records.trustedDeviceAllowance.sends} then return p.nextSendAt end
  return math.max(p.nextSendAt, findSendLimit() or 0)
end

local function renew()
  if c and c.expiresAt - now >= ${records.minimumRemainingMs} then
    c.sends = c.sends + 1
    c.expiresAt = math.min(now + ttl, c.createdAt + ${records.maximumLifeMs})
    ${writeChallenge}
  elseif c and c.isNameDisputed then
    c = cjson.decode(ARGV[12])
    c.isNameDisputed = true
    ${writeChallenge}
  else
    c = { id = ARGV[10], sends = 1, expiresAt = now + ttl }
    redis.call('SET', KEYS[2], ARGV[12], 'PX', ARGV[4])
  end
end

if c and c.nameTag ~= ARGV[11] then
  c.isNameDisputed = true
  ${writeChallenge}
end

local refusal
if lockout then refusal = { 'locked', lockout }
elseif p.nextSendAt > now then
  if not c then refusal = { 'too_soon', p.nextSendAt } end
else
  local limit = findSendLimit()
  if limit then refusal = { 'limited', limit } end
end
if refusal and not d then return refusal end

if refusal then
  local isCoolingDown = d.nextSendAt > now
  if isCoolingDown and c then return reply('waiting', d.nextSendAt, 0) end
  if d.sends >= ${records.trustedDeviceAllowance.sends} then return refusal end
  if lockout and d.guesses >= ${records.trustedDeviceAllowance.guesses} then return refusal end
  if isCoolingDown then
    if d.nextSendAt < refusal[2] then return { 'too_soon', d.nextSendAt } end
    return refusal
  end
  if dryRun then return { 'dry_run' } end
  renew()
  d.nextSendAt = now + ${cooldownAfter('d.sends')}
  d.sends = d.sends + 1
  ${writeDevice}
  return reply('sent', d.nextSendAt, 1)
end
if c and p.nextSendAt > now then return reply('waiting', getNextSendAt(), 0) end
if dryRun then return { 'dry_run' } end

renew()
p.nextSendAt = now + ${cooldownAfter('p.gaps')}
p.gaps = p.gaps + 1
p.sentAt = now
if p.hourSends == 0 then p.hourStart = now end
if p.daySends == 0 then p.dayStart = now end
p.hourSends = p.hourSends + 1
p.daySends = p.daySends + 1
${writePhone}
return reply('sent', getNextSendAt(), 0)
`
