import type { DeliveryReason } from '../delivery-reasons.ts'

/**
 * What Twilio's error codes mean to the person who waits for a code. 2xxxx come with the answer, 3xxxx and 6xxxx
 * (WhatsApp) with a receipt. Twilio splits codes now and then, so those that are not here say no more than that it was
 * not sent.
 * @see https://www.twilio.com/docs/api/errors
 */
const codesOf: Partial<Record<DeliveryReason, readonly number[]>> = {
  // Not a number, a short code, premium, no mobile, a landline; unknown to its network, a landline; not on WhatsApp.
  number_invalid: [21211, 21265, 21268, 21614, 21635, 30005, 30006, 63003, 63024],
  number_unreachable: [30003],
  opted_out: [21610],
  // By the recipient or the network, as spam, and as part of a fraud: the last two pass after minutes or hours.
  blocked: [30004, 30007, 30450, 30453],
  // Closed by us or by law; no route from our sender, which numbers of one country have in common.
  country_not_served: [21408, 21612],
  expired: [30036]
}

const reasons = new Map(Object.entries(codesOf).flatMap(([reason, codes]) => codes.map((code) => [code, reason as DeliveryReason])))

export function reasonOfTwilioCode (code: number): DeliveryReason {
  return reasons.get(code) ?? 'not_sent'
}
