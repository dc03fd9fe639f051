import * as records from '../../src/domain/challenge-records.ts'
import { prelude } from './script-prelude.ts'

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

local function refusalOf()
  local lock = lockOf(p)
  if lock then return { 'locked', int(lock) } end
  if p.nextSendAt > now then
    if not c then return { 'too_soon', int(p.nextSendAt) } end
    return nil
  end
  local limit = limitOf(p, perHour, perDay)
  if limit then return { 'limited', int(limit) } end
  return nil
end

local function answer(kind, nextSendAt, isReserve)
  return { kind, c.id, int(c.sends), int(c.expiresAt), int(nextSendAt), isReserve }
end

local function nextSendOf()
  if d and d.sends < ${records.reserve.sends} then return p.nextSendAt end
  return math.max(p.nextSendAt, limitOf(p, perHour, perDay) or 0)
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
if c and p.nextSendAt > now then return answer('waiting', nextSendOf(), '0') end
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
return answer('sent', nextSendOf(), '0')
`
