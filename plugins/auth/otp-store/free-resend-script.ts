import { opening, readChallenge, readPhone, writePhone } from './lua-shared.ts'

/** The twin of `freeResend`. ARGV from 4: the id of the challenge and the number of its SMS. Returns {'late'} or {'done'}. */
export const freeResendScript = `${opening}${readChallenge}
if not c or c.id ~= ARGV[4] or c.sends ~= tonumber(ARGV[5]) then return { 'done' } end
${readPhone}
if p.nextSendAt > 0 then
  p.nextSendAt = 0
  ${writePhone}
end
return { 'done' }
`
