import type { Receipt } from '../delivery.ts'
import { findTwilioReason } from './codes.ts'

/** A status callback: https://www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks. */
export interface TwilioStatus {
  MessageSid: string
  MessageStatus: string
  ErrorCode?: string
}

/** `queued`, `accepted`, `scheduled` and `sending` are left out: they add nothing to the reply of the API. */
const statuses = new Map<string, Receipt['status']>([
  ['sent', 'sent'],
  ['delivered', 'delivered'],
  // WhatsApp reports that the recipient opened it.
  ['read', 'delivered'],
  ['undelivered', 'failed'],
  ['failed', 'failed'],
  ['canceled', 'failed']
])

/** Returns `undefined` for statuses that carry no news. */
export function readTwilioReceipt (
  { MessageSid, MessageStatus, ErrorCode }: TwilioStatus, deliveryId: string | undefined
): Receipt | undefined {
  const status = statuses.get(MessageStatus)
  if (status === undefined) return undefined
  return {
    provider: 'twilio',
    messageId: MessageSid,
    status,
    ...(deliveryId === undefined ? {} : { deliveryId }),
    ...(status === 'failed' ? { reason: findTwilioReason(Number(ErrorCode)) } : {})
  }
}
