/** Why an SMS did not arrive, with a sentence that tells the user what to do. The keys are public: they must not change. */
export const deliveryReasons = {
  number_invalid: 'This number cannot receive SMS. Check it, or use another one.',
  number_unreachable: 'The phone is off or out of reach. Switch it on and ask for another code.',
  opted_out: 'This number has opted out of our messages. Text START to our number to receive codes again.',
  blocked: 'The carrier blocked the message. Try again later, or use another number.',
  whatsapp_failed: 'WhatsApp could not deliver the code to this number. Ask for a code by SMS.',
  country_not_served: 'We cannot send to this country at the moment.',
  expired: 'The code expired before the message could be delivered. Ask for another one.',
  not_sent: 'The message could not be sent. Ask for another code.'
} as const

/** The message for each status. */
export const deliverySentences = {
  queued: 'The message is on its way.',
  sent: 'The carrier has the message. It should arrive in a moment.',
  delivered: 'The message has arrived.',
  failed: deliveryReasons.not_sent
} as const

export type DeliveryReason = keyof typeof deliveryReasons

export function isDeliveryReason (text: string): text is DeliveryReason {
  return Object.hasOwn(deliveryReasons, text)
}
