import type { SmsFailure } from '../failures.ts'
import { isChannelCode } from './codes.ts'

/**
 * The credentials, account or sender are wrong, or the sender is not registered with the networks. Twilio split 21212 and 21606
 * into the codes of the last line.
 */
const senderCodes = new Set([
  10001, 20003, 20005, 21212, 21606, 21608, 21703, 21705, 30002,
  // Sender ID or number not registered (30018, 30040, 30024, 30032, 30034), campaign suspended, outbound messages disabled.
  30018, 30024, 30032, 30033, 30034, 30037, 30040,
  21659, 21660, 21661
])

/**
 * No sender can reach the recipient: invalid number, STOP, not a mobile; blocked, unknown, landline; a number of Twilio, which
 * receives no codes (30038). Twilio split 21211 and 21614 into the codes of the last line: short codes, premium numbers, landlines.
 */
const recipientCodes = new Set([
  21211, 21610, 21614, 30004, 30005, 30006, 30038,
  21265, 21268, 21635
])

/** The queue of the number or of the messaging service is full. */
const busyCodes = new Set([20429, 21611, 30001])

/**
 * Classifies a reply of Twilio that is not a success. The HTTP status has precedence over a short list of codes, because
 * Twilio splits and renames codes. An unknown code is `refused`.
 * @see https://www.twilio.com/docs/api/errors
 */
export function classifyTwilioFailure ({ status, code }: { status: number, code?: number | undefined }): SmsFailure {
  if (status === 429) return 'busy'
  // Twilio documents that after 20500 the message may have been sent.
  if (status >= 500 || status === 408 || code === 20500) return 'ambiguous'
  if (status === 401) return 'sender'
  if (code !== undefined && busyCodes.has(code)) return 'busy'
  if (code !== undefined && senderCodes.has(code)) return 'sender'
  if (code !== undefined && recipientCodes.has(code)) return 'recipient'
  if (code !== undefined && isChannelCode(code)) return 'channel'
  // The URL of the account does not exist: wrong account SID or wrong server.
  return status === 404 ? 'sender' : 'refused'
}
