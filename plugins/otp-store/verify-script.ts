import * as records from '../../src/domain/challenge-records.ts'
import { prelude } from './script-prelude.ts'

/**
 * ARGV from 4: whether it can register (1 or 0), then pairs of secretId and check.
 * Answers {'late'}, {kind}, {'locked', retryAt} or {'right', challengeId, secretId, sealed, disputed, send}.
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
  return { 'right', c.id, c.secretId, c.sealed, c.disputed, int(c.sends) }
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
