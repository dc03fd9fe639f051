import { maximumAttempts } from '../../src/domain/backoff.ts'
import type { DeliveryRecord } from '../../src/domain/delivery.ts'
import { callLifeMs, deliveryLifeMs, maximumCuts, ranks } from '../../src/domain/delivery-rules.ts'
import { lateRefusal, recordFunctions, recordVersion } from '../../src/redis-scripts.ts'

const counts = ['send', 'attempts', 'ambiguous', 'queuedAt'] as const satisfies Array<keyof DeliveryRecord>
const moments = ['claimedAt', 'sentAt', 'endedAt'] as const satisfies Array<keyof DeliveryRecord>
const texts = ['challengeId', 'country', 'claimant', 'provider', 'messageId', 'reason'] as const satisfies Array<keyof DeliveryRecord>

/** Written out, for a loop over the fields would cost several times as much. */
const isWhole = [
  'ranks[kept.state]',
  ...counts.map((field) => `isCount(kept.${field})`),
  ...moments.map((field) => `(kept.${field} == nil or isCount(kept.${field}))`),
  ...texts.map((field) => `(kept.${field} == nil or type(kept.${field}) == 'string')`)
].join(' and ')
const known = ['state', ...counts, ...moments, ...texts].map((field) => `${field} = kept.${field}`).join(', ')

/*
 * The rules of src/domain/delivery-rules.ts as Redis scripts, so that each step is atomic for all instances.
 * KEYS: 1 the delivery's record. ARGV: 1 now, 2 deadline by the server's own clock: whoever asked has given up by then.
 * Each answers {'late'}, {'none'} where nothing is known, or {'record', state before ('' where a claim made the record),
 * its JSON text after}. What is unknown is absent from a record. One that is corrupt or of another version counts as
 * absent; it is made anew of the fields that the rules know, since cjson reads more than it, or JSON.parse, would take.
 */
const reading = `${recordFunctions}
local ranks = { ${Object.entries(ranks).map(([state, rank]) => `${state} = ${rank}`).join(', ')} }
local key, now = KEYS[1], tonumber(ARGV[1])
local r
local kept = readRecord(key)
if kept and ${isWhole} and now - kept.queuedAt < ${deliveryLifeMs} then r = { v = ${recordVersion}, ${known} } end
`

const finding = `${lateRefusal}${reading}
if not r then return { 'none' } end
local before = r.state
`

const unchanged = "return { 'record', before, cjson.encode(r) }"
const changed = "return { 'record', before, writeRecord(key, r) }"

/** ARGV: 4 provider, 5 messageId. */
const take = 'r.provider, r.messageId, r.sentAt = ARGV[4], ARGV[5], r.sentAt or now'

const make = `redis.call('SET', KEYS[1], ARGV[3], 'PX', '${deliveryLifeMs}'`

/** ARGV: 3 the text of one that is not there yet. Answers {'made'} where it took that. */
export const openScript = `${lateRefusal}
if ${make}, 'NX') then return { 'made' } end
${reading}
if r then return { 'record', r.state, cjson.encode(r) } end
${make})
return { 'made' }
`

/** ARGV: 3 the text of one that is not there yet, 4 claimant. Answers {'held', milliseconds} too. */
export const claimScript = `${lateRefusal}${reading}
local before, claimant, life = '', ARGV[4], nil
if r then before = r.state else r, life = cjson.decode(ARGV[3]), ${deliveryLifeMs} end
if ranks[r.state] >= ${ranks.sent} then ${unchanged} end
if r.state == 'sending' then
  if r.claimant == claimant then ${unchanged} end
  local claimedAt = r.claimedAt or 0
  if math.abs(now - claimedAt) < ${callLifeMs} then return { 'held', int(claimedAt + ${callLifeMs} - now) } end
  r.ambiguous = r.ambiguous + 1
  if r.ambiguous <= ${maximumCuts} then r.attempts = r.attempts - 1 end
end
if r.attempts >= ${maximumAttempts} then
  r.state, r.reason, r.endedAt = 'failed', 'not_sent', now
else
  r.state, r.attempts, r.claimant, r.claimedAt = 'sending', r.attempts + 1, claimant, now
end
return { 'record', before, writeRecord(key, r, life) }
`

/**
 * ARGV: 3 kind; of 'sent' 4 provider, 5 messageId; of 'retry' 4 whether it is ambiguous (1 or 0); of 'failed' 4 reason,
 * 5 provider, if one is known.
 */
export const settleScript = `${finding}
local kind = ARGV[3]
if kind == 'sent' then
  if ranks[before] > ${ranks.sent} then ${unchanged} end
  ${take}
  r.state = 'sent'
elseif kind == 'retry' or kind == 'postponed' then
  if before ~= 'sending' then ${unchanged} end
  r.state = 'queued'
  if kind == 'postponed' then r.attempts = r.attempts - 1
  elseif ARGV[4] == '1' then r.ambiguous = r.ambiguous + 1 end
else
  if ranks[before] >= ${ranks.sent} then ${unchanged} end
  r.state, r.endedAt = kind, now
  if kind == 'failed' then r.reason, r.provider = ARGV[4], ARGV[5] end
end
${changed}
`

/** ARGV: 3 status, 4 provider, 5 messageId, 6 reason. */
export const receiveScript = `${finding}
local status = ARGV[3]
if ranks[status] <= ranks[before] then ${unchanged} end
if status == 'failed' then
  local isCurrent = r.provider == ARGV[4] and r.messageId == ARGV[5]
  if not r.messageId then isCurrent = before == 'sending' and r.ambiguous == 0 end
  if not isCurrent then ${unchanged} end
  r.reason = ARGV[6]
end
${take}
r.state = status
if status ~= 'sent' then r.endedAt = now end
${changed}
`

export const findScript = `${finding}
${unchanged}
`
