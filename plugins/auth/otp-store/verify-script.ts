import * as records from '../../../src/domain/auth/challenge-records.ts'
import { findLockout, opening, readChallenge, readDevice, readPhone, writeChallenge, writeDevice, writePhone } from './lua-shared.ts'

const lockoutAfter = (count: string) => `(({ ${records.lockoutsMs.join(', ')} })[${count} / ${records.failuresPerLockout}] or ${records.lockoutsMs[3]})`

/**
 * ARGV from 4: whether it can register (1 or 0), then pairs of secretId and check.
 * Answers {'late'}, {kind}, {'locked', retryAt} or {'right', challengeId, secretId, sealed, whether the name is disputed (1 or 0), sendAttempt}.
 */
export const verifyScript = `${opening}
local function isAnswered(kept)
  for index = 5, #ARGV, 2 do
    if ARGV[index] == kept.secretId then return ARGV[index + 1] == kept.check end
  end
  return false
end
${readPhone}${readDevice}${findLockout}
local usesDeviceAllowance = lock and d and d.guesses < ${records.trustedDeviceAllowance.guesses}
if lock and not usesDeviceAllowance then return { 'locked', lock } end
${readChallenge}
if c and isAnswered(c) then
  if ARGV[4] == '0' and (c.nameTag == '' or c.isNameDisputed) then
    c.nameRequests = c.nameRequests + 1
    if c.nameRequests <= ${records.maximumNameRequests} then
      ${writeChallenge}
      return { 'name_required' }
    end
    redis.call('DEL', KEYS[2])
    return { 'wrong' }
  end
  p.failures, p.misses, p.lockedUntil, p.gaps, p.nextSendAt = 0, 0, 0, 0, 0
  ${writePhone}
  if d and d.since > 0 then
    d.nextSendAt = 0
    ${writeDevice}
  end
  redis.call('DEL', KEYS[2])
  writeRecord(KEYS[3], { secretId = c.secretId, check = c.check, expiresAt = c.expiresAt }, c.expiresAt - now)
  return { 'right', c.id, c.secretId, c.sealed, c.isNameDisputed and 1 or 0, c.sends }
end

local used = readRecord(KEYS[3])
if used and isCount(used.expiresAt) and used.expiresAt > now and isAnswered(used) then return { 'wrong' } end

if usesDeviceAllowance then
  d.guesses = d.guesses + 1
  ${writeDevice}
  if d.guesses >= ${records.trustedDeviceAllowance.guesses} then redis.call('DEL', KEYS[2]) end
  return { 'wrong' }
end
if c then
  p.failures = p.failures + 1
  p.failedAt = now
  if p.failures % ${records.failuresPerLockout} == 0 then
    redis.call('DEL', KEYS[2])
    p.nextSendAt = 0
    p.lockedUntil = now + ${lockoutAfter('p.failures')}
  end
else
  p.misses = p.misses + 1
  p.missedAt = now
  if p.misses % ${records.failuresPerLockout} == 0 then p.lockedUntil = now + ${lockoutAfter('p.misses')} end
end
${writePhone}
return { 'wrong' }
`
