import type { Receipt } from '../delivery.ts'
import { reasonOfTwilioCode } from './codes.ts'

/** As Twilio reports it, https://www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks. */
export interface TwilioStatus {
  MessageSid: string
  MessageStatus: string
  ErrorCode?: string
}

/** `queued`, `accepted`, `scheduled` and `sending` are left out: they tell nothing that the answer did not. */
const statuses = new Map<string, Receipt['status']>([
  ['sent', 'sent'],
  ['delivered', 'delivered'],
  // Of WhatsApp: it was delivered, and looked at.
  ['read', 'delivered'],
  ['undelivered', 'failed'],
  ['failed', 'failed'],
  ['canceled', 'failed']
])

/** What Twilio reports; nothing where it is no news to anyone. */
export function receiptOfTwilio ({ MessageSid, MessageStatus, ErrorCode }: TwilioStatus, deliveryId: string | undefined): Receipt | undefined {
  const status = statuses.get(MessageStatus)
  if (status === undefined) return undefined
  return {
    provider: 'twilio',
    messageId: MessageSid,
    status,
    ...(deliveryId === undefined ? {} : { deliveryId }),
    ...(status === 'failed' ? { reason: reasonOfTwilioCode(Number(ErrorCode)) } : {})
  }
}
