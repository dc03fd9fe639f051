import * as records from '../../../src/domain/auth/challenge-records.ts'
import { findLockout, findSendLimit, opening, readChallenge, readDevice, readPhone, writeChallenge, writeDevice, writePhone } from './lua-shared.ts'

const cooldownAfter = (sends: string) => `math.min(resend * (({ ${records.cooldownFactors.join(', ')} })[${sends} + 1] or ${records.cooldownFactors[3]}), ${records.resetWindowMs})`

/**
 * ARGV from 4: life, first gap (ms), SMS an hour and a day (0 for any number), whether it is a mere question (1 or 0),
 * the secrets in force (with commas around each; all where empty), then id and nameTag of a new challenge and
 * its record as JSON, which the script keeps as it is where it needs a new one: to encode it here costs a fifth of all.
 * Answers {'late'}, {'dry_run'}, {kind, retryAt} or {kind, challengeId, sendAttempt, expiresAt, nextSendAt, usesDeviceAllowance}.
 */
export const issueScript = `${opening}
local ttl, resend, perHour, perDay = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local dryRun, secretIds = ARGV[8] == '1', ARGV[9]
${readPhone}${readChallenge}${readDevice}${findLockout}${findSendLimit}
if c and secretIds ~= '' and not string.find(secretIds, ',' .. c.secretId .. ',', 1, true) then c = nil end

local function answer(kind, nextSendAt, usesDeviceAllowance)
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
if lock then refusal = { 'locked', lock }
elseif p.nextSendAt > now then
  if not c then refusal = { 'too_soon', p.nextSendAt } end
else
  local limit = findSendLimit()
  if limit then refusal = { 'limited', limit } end
end
if refusal and not d then return refusal end

if refusal then
  local isCoolingDown = d.nextSendAt > now
  if isCoolingDown and c then return answer('waiting', d.nextSendAt, 0) end
  if d.sends >= ${records.trustedDeviceAllowance.sends} or (lock and d.guesses >= ${records.trustedDeviceAllowance.guesses}) then return refusal end
  if isCoolingDown then
    if d.nextSendAt < refusal[2] then return { 'too_soon', d.nextSendAt } end
    return refusal
  end
  if dryRun then return { 'dry_run' } end
  renew()
  d.nextSendAt = now + ${cooldownAfter('d.sends')}
  d.sends = d.sends + 1
  ${writeDevice}
  return answer('sent', d.nextSendAt, 1)
end
if c and p.nextSendAt > now then return answer('waiting', getNextSendAt(), 0) end
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
return answer('sent', getNextSendAt(), 0)
`
