import { findLockout, findSendLimit, opening, readChallenge, readPhone, writePhone } from './lua-shared.ts'

/** ARGV from 4: SMS an hour and a day (0 for any number). Answers {'late'} or {'at', moment}. */
export const resendAtScript = `${opening}
local perHour, perDay = tonumber(ARGV[4]), tonumber(ARGV[5])
${readPhone}${findLockout}${findSendLimit}
return { 'at', math.max(p.nextSendAt, findSendLimit() or 0, lock or 0) }
`

/** ARGV from 4: the challenge and its send. */
export const freeResendScript = `${opening}${readChallenge}
if not c or c.id ~= ARGV[4] or c.sends ~= tonumber(ARGV[5]) then return { 'done' } end
${readPhone}
if p.nextSendAt > 0 then
  p.nextSendAt = 0
  ${writePhone}
end
return { 'done' }
`
