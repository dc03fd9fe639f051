import { prelude } from './script-prelude.ts'

/** ARGV from 4: SMS an hour and a day (0 for any number). Answers {'late'} or {'at', moment}. */
export const resendAtScript = `${prelude}
local p = readPhone()
return { 'at', int(math.max(p.nextSendAt, limitOf(p, tonumber(ARGV[4]), tonumber(ARGV[5])) or 0, lockOf(p) or 0)) }
`

/** ARGV from 4: the challenge and its send. */
export const freeResendScript = `${prelude}
local p, c = readPhone(), readChallenge()
if c and c.id == ARGV[4] and int(c.sends) == ARGV[5] and p.nextSendAt > 0 then
  p.nextSendAt = 0
  writePhone(p)
end
return { 'done' }
`
