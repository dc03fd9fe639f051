import type { SmsFailure } from '../failures.ts'

/** Our credentials, account or sender are wrong; the last line is what 21212 and 21606 were split into. */
const senderCodes = new Set([
  10001, 20003, 20005, 21212, 21606, 21608, 21703, 21705, 30002, 30032, 30034,
  21659, 21660, 21661
])

/**
 * The recipient cannot or will not be texted, by anybody: no number, STOP, no mobile; blocked, unknown, a landline. The
 * last line is what 21211 and 21614 were split into: short codes, premium numbers, landlines.
 */
const recipientCodes = new Set([
  21211, 21610, 21614, 30004, 30005, 30006,
  21265, 21268, 21635
])

/** The sender's queue is full, of a number and of a messaging service. */
const busyCodes = new Set([20429, 21611, 30001])

/**
 * What an answer of Twilio's that is no success means. The HTTP status comes first, then a short list of codes: Twilio
 * splits and renames them, and what is unknown is a refusal.
 * @see https://www.twilio.com/docs/api/errors
 */
export function failureOfTwilio ({ status, code }: { status: number, code?: number | undefined }): SmsFailure {
  if (status === 429) return 'busy'
  // Twilio says of 20500 that a message may have been sent nevertheless.
  if (status >= 500 || status === 408 || code === 20500) return 'ambiguous'
  if (status === 401) return 'sender'
  if (code !== undefined && busyCodes.has(code)) return 'busy'
  if (code !== undefined && senderCodes.has(code)) return 'sender'
  if (code !== undefined && recipientCodes.has(code)) return 'recipient'
  // The address of the account's messages is not there: a wrong account or a wrong server.
  return status === 404 ? 'sender' : 'refused'
}
