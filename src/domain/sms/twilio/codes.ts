import type { DeliveryReason } from '../delivery-reasons.ts'

/**
 * Maps Twilio's error codes to reasons for the user who waits for a code. Replies have 2xxxx, receipts 3xxxx,
 * and both 63xxx for WhatsApp. Twilio splits codes now and then; unknown codes map to `not_sent`.
 * @see https://www.twilio.com/docs/api/errors
 */
const codesByReason: Partial<Record<DeliveryReason, readonly number[]>> = {
  // Invalid number, short code, premium number, not a mobile, landline; unknown to its network, landline; a number of Twilio, which
  // receives no codes.
  number_invalid: [21211, 21265, 21268, 21614, 21635, 30005, 30006, 30038],
  number_unreachable: [30003],
  opted_out: [21610],
  // Blocked by the recipient or the network, as spam, or as suspected fraud; the last two end after minutes or hours.
  blocked: [30004, 30007, 30450, 30453],
  // Country disabled in the account or by law; no route from the sender, which affects a whole country.
  country_not_served: [21408, 21612],
  expired: [30036]
}

const reasons = new Map(Object.entries(codesByReason).flatMap(([reason, codes]) => codes.map((code) => [code, reason as DeliveryReason])))

/**
 * Returns whether a code is about a channel such as WhatsApp and not about SMS: the recipient is not there (63003, 63024), cannot
 * receive templates (63016, 63032), or our sender or template is wrong (63007, 63027). An SMS can still be sent after any of them.
 */
export function isChannelCode (code: number): boolean {
  return code >= 63_000 && code < 64_000
}

/** Returns `not_sent` for unknown codes. */
export function findTwilioReason (code: number): DeliveryReason {
  return isChannelCode(code) ? 'whatsapp_failed' : reasons.get(code) ?? 'not_sent'
}
