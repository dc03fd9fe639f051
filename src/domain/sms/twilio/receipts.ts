import type { Receipt } from '../delivery.ts'
import { findTwilioReason } from './codes.ts'
import { classifyTwilioFailure } from './failures.ts'

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
    ...(status === 'failed' ? readFailure(ErrorCode) : {})
  }
}

/** A code means the same as in a reply of the API, whose status is 400 for most codes. */
function readFailure (errorCode = ''): Pick<Receipt, 'reason' | 'carrierCode' | 'isSenderFault'> {
  const code = Number(errorCode)
  const reason = findTwilioReason(code)
  if (!/^[1-9]\d{4}$/.test(errorCode)) return { reason }
  return { reason, carrierCode: code, ...(classifyTwilioFailure({ status: 400, code }) === 'sender' ? { isSenderFault: true } : {}) }
}
