import { maximumAttempts } from '../../src/domain/backoff.ts'
import { callLifeMs, deliveryLifeMs, maximumCuts, ranks } from '../../src/domain/delivery-rules.ts'
import { scriptOpening } from '../../src/redis-scripts.ts'

/** Of a record as Redis keeps it and scripts answer it; what is unknown is empty. */
export const fields = [
  'state', 'challengeId', 'send', 'country', 'claimant', 'claimedAt', 'attempts', 'ambiguous', 'provider', 'messageId', 'reason', 'queuedAt', 'sentAt', 'endedAt'
] as const

/*
 * The rules of src/domain/delivery-rules.ts as Redis scripts, so that each step is atomic for all instances.
 * KEYS: 1 the delivery's record. ARGV: 1 now, 2 deadline by the server's own clock: whoever asked has given up by then.
 * Each answers {'late'}, {'none'} where nothing is known, or {'record', state before ('' where it made the record),
 * each field after}. A record that is corrupt or of another version (field v) counts as absent.
 */
const prelude = `
local key, now = KEYS[1], tonumber(ARGV[1])

${scriptOpening}

local fields = { ${fields.map((field) => `'${field}'`).join(', ')} }
local ranks = { ${Object.entries(ranks).map(([state, rank]) => `${state} = ${rank}`).join(', ')} }

local function read()
  local values = redis.pcall('HMGET', key, 'v', unpack(fields))
  if values.err or values[1] ~= '1' then return nil end
  local r = {}
  for index, field in ipairs(fields) do r[field] = values[index + 1] or '' end
  for _, field in ipairs({ 'send', 'attempts', 'ambiguous', 'queuedAt' }) do
    r[field] = number(r[field])
    if not r[field] then return nil end
  end
  for _, field in ipairs({ 'claimedAt', 'sentAt', 'endedAt' }) do
    if r[field] ~= '' and not number(r[field]) then return nil end
  end
  if not ranks[r.state] or now - r.queuedAt >= ${deliveryLifeMs} then return nil end
  return r
end

local function values(r)
  local list = {}
  for index, field in ipairs(fields) do
    local value = r[field]
    list[index] = type(value) == 'number' and int(value) or value
  end
  return list
end

local function write(r)
  local list = {}
  for index, value in ipairs(values(r)) do
    table.insert(list, fields[index])
    table.insert(list, value)
  end
  redis.call('HSET', key, 'v', '1', unpack(list))
end

local function answer(before, r) return { 'record', before, unpack(values(r)) } end

local function take(r, provider, messageId)
  r.provider, r.messageId = provider, messageId
  if r.sentAt == '' then r.sentAt = now end
end
`

/** ARGV from 3: challengeId, send, country of one that is not there yet. */
const opening = `${prelude}
local r = read()
local before = r and r.state or ''
if not r then
  r = { state = 'queued', challengeId = ARGV[3], send = tonumber(ARGV[4]), country = ARGV[5], claimant = '', claimedAt = '', attempts = 0, ambiguous = 0,
    provider = '', messageId = '', reason = '', queuedAt = now, sentAt = '', endedAt = '' }
  redis.call('DEL', key)
  write(r)
  redis.call('PEXPIRE', key, '${deliveryLifeMs}')
end
`

export const openScript = `${opening}
return answer(before, r)
`

/** ARGV 6: claimant. Answers {'held', milliseconds} too. */
export const claimScript = `${opening}
local claimant, claimedAt = ARGV[6], tonumber(r.claimedAt) or 0
if ranks[r.state] >= ranks.sent then return answer(before, r) end
if r.state == 'sending' then
  if r.claimant == claimant then return answer(before, r) end
  if math.abs(now - claimedAt) < ${callLifeMs} then return { 'held', int(claimedAt + ${callLifeMs} - now) } end
  r.ambiguous = r.ambiguous + 1
  if r.ambiguous <= ${maximumCuts} then r.attempts = r.attempts - 1 end
end
if r.attempts >= ${maximumAttempts} then
  r.state, r.reason, r.endedAt = 'failed', 'not_sent', now
else
  r.state, r.attempts, r.claimant, r.claimedAt = 'sending', r.attempts + 1, claimant, now
end
write(r)
return answer(before, r)
`

/** ARGV from 3: kind, provider, messageId, reason, whether it is ambiguous (1 or 0). */
export const settleScript = `${prelude}
local kind, provider, messageId, reason, isAmbiguous = ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7] == '1'
local r = read()
if not r then return { 'none' } end
local before = r.state

if kind == 'sent' then
  if ranks[r.state] > ranks.sent then return answer(before, r) end
  take(r, provider, messageId)
  r.state = 'sent'
elseif kind == 'retry' or kind == 'postponed' then
  if r.state ~= 'sending' then return answer(before, r) end
  r.state = 'queued'
  if kind == 'postponed' then r.attempts = r.attempts - 1
  elseif isAmbiguous then r.ambiguous = r.ambiguous + 1 end
else
  if ranks[r.state] >= ranks.sent then return answer(before, r) end
  r.state, r.endedAt = kind, now
  if kind == 'failed' then r.reason, r.provider = reason, provider end
end
write(r)
return answer(before, r)
`

/** ARGV from 3: provider, messageId, status, reason. */
export const receiveScript = `${prelude}
local provider, messageId, status, reason = ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local r = read()
if not r then return { 'none' } end
local before = r.state

local isCurrent = r.messageId == messageId and r.provider == provider
if r.messageId == '' then isCurrent = r.state == 'sending' and r.ambiguous == 0 end

if ranks[status] <= ranks[r.state] or (status == 'failed' and not isCurrent) then return answer(before, r) end
take(r, provider, messageId)
r.state = status
if status ~= 'sent' then r.endedAt = now end
if status == 'failed' then r.reason = reason end
write(r)
return answer(before, r)
`

export const findScript = `${prelude}
local r = read()
if not r then return { 'none' } end
return answer(r.state, r)
`
