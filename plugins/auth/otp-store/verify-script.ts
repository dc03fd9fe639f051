import * as records from '../../../src/domain/auth/challenge-records.ts'
import { findLockout, opening, readChallenge, readDevice, readPhone, writeChallenge, writeDevice, writePhone } from './lua-shared.ts'

const lockoutSteps = `{ ${records.lockoutsMs.join(', ')} }`
const lockoutAfter = (count: string) => `((${lockoutSteps})[${count} / ${records.failuresPerLockout}] or ${records.lastLockoutMs})`

/**
 * The twin of `verify` in `src/domain/auth/challenge.ts`.
 * ARGV from 4: whether the answer can register (1 or 0), then pairs of secretId and check.
 * Returns {'late'}, {kind}, {'locked', retryAt} or
 * {'right', challengeId, secretId, sealed, whether the name is disputed (1 or 0), sendAttempt}.
 */
export const verifyScript = `${opening}
local function isAnswered(stored)
  for index = 5, #ARGV, 2 do
    if ARGV[index] == stored.secretId then return ARGV[index + 1] == stored.check end
  end
  return false
end
${readPhone}${readDevice}${findLockout}
local usesDeviceAllowance = lockout and d and d.guesses < ${records.trustedDeviceAllowance.guesses}
if lockout and not usesDeviceAllowance then return { 'locked', lockout } end
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
if used and isCount(used.expiresAt) and used.expiresAt > now and isAnswered(used) then return { 'used' } end

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
