/**
 * The life of one SMS, from the request to the handset. All times are milliseconds since the epoch.
 * What is told of it to clients is `DeliveryStatus`; what is kept of it is `DeliveryRecord`.
 */
import type { DeliveryReason } from './delivery-reasons.ts'

export type DeliveryStatus = 'queued' | 'sent' | 'delivered' | 'failed'

/**
 * `queued` waits for its turn or its next attempt; `sending` is inside a carrier call, or was when its process was
 * killed; `sent` was taken by a carrier; `delivered` and `failed` are ends; `dropped` was over before it was sent.
 */
export type DeliveryState = DeliveryStatus | 'sending' | 'dropped'

export interface DeliveryRecord {
  state: DeliveryState
  /** The challenge whose SMS it is; none for a notice. */
  challengeId: string | undefined
  send: number
  /** ISO code of the number's country; `undefined` where it has none. */
  country: string | undefined
  /** Carrier calls begun. */
  attempts: number
  /** Carrier calls of which nobody knows whether they sent something: 5xx, timeouts, a killed process. */
  ambiguous: number
  /** The road that took it, and its id there. */
  provider: string | undefined
  messageId: string | undefined
  reason: DeliveryReason | undefined
  queuedAt: number
  sentAt: number | undefined
  /** When it came to one of its ends. */
  endedAt: number | undefined
}
