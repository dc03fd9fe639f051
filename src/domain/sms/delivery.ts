/**
 * The life of one SMS, from the request to the handset. All times are milliseconds since the epoch.
 * Clients see `DeliveryStatus`; the stores have `DeliveryRecord`.
 */
import type { DeliveryReason } from './delivery-reasons.ts'

export type DeliveryStatus = 'queued' | 'sent' | 'delivered' | 'failed'

/**
 * `queued` waits for its next attempt; `sending` is inside a carrier call, or was when its process was killed; `sent` was
 * accepted by a carrier; `delivered`, `failed` and `dropped` are final. `dropped` expired before it was sent.
 */
export type DeliveryState = DeliveryStatus | 'sending' | 'dropped'

export interface DeliveryRecord {
  state: DeliveryState
  /** The challenge of the code; a notice has none. */
  challengeId: string | undefined
  send: number
  /** ISO code of the number's country, if it has one. */
  country: string | undefined
  /** The process that made the latest carrier call. */
  claimant: string | undefined
  claimedAt: number | undefined
  /** Carrier calls so far. */
  attempts: number
  /** Carrier calls that may have sent the SMS: 5xx, timeouts, a killed process. */
  ambiguous: number
  /** The provider that accepted it, and its id there. */
  provider: string | undefined
  messageId: string | undefined
  reason: DeliveryReason | undefined
  /** No attempt begins before this moment. */
  retryAt: number | undefined
  queuedAt: number
  sentAt: number | undefined
  /** When its state became final. */
  endedAt: number | undefined
  /** The channel that the client requested; SMS if missing. */
  channel?: RequestedChannel
}

/** The properties of an SMS when it is queued. */
export interface NewDelivery {
  /** The challenge of the code; a notice has none. */
  challengeId?: string
  send?: number
  country?: string
  /** SMS if missing. */
  channel?: RequestedChannel
}

/** The process that is about to call a carrier. */
export interface Claimant extends NewDelivery {
  /** When it was opened, if known; this saves reading the record. */
  queuedAt?: number | undefined
  /** Unique id of the process. A process completes its call for an SMS before it starts another one. */
  claimant: string
}

export type Claim =
  /** The carrier may be called; `record` includes this attempt. */
  | { kind: 'go', record: DeliveryRecord }
  /** Another process may be inside a carrier call for it, or its next attempt is not due; claim it again after this pause. */
  | { kind: 'held', afterMs: number }
  /** A carrier accepted it, or its state is final. */
  | { kind: 'done', state: DeliveryState }

/** The result of a carrier call. */
export type DeliveryResult =
  | { kind: 'sent', provider: string, messageId: string }
  /** Another attempt follows, at this moment or later. `ambiguous`: this one may have sent it. */
  | { kind: 'retry', ambiguous: boolean, retryAt?: number }
  /** No carrier was called, so the attempt does not count. */
  | { kind: 'postponed', retryAt?: number }
  | { kind: 'failed', reason: DeliveryReason, provider?: string }
  /** Its code was used or expired. */
  | { kind: 'dropped' }

/** A status report of a carrier. */
export interface Receipt {
  /** From the callback URL; without it the message id identifies the delivery. */
  deliveryId?: string
  provider: string
  messageId: string
  status: 'sent' | 'delivered' | 'failed'
  reason?: DeliveryReason
  /** The carrier's error code. */
  carrierCode?: number
  /** The code blames the credentials, the account or the sender, which only the operator can correct. */
  isSenderFault?: boolean
}

/** The channels by which a code can be sent. */
export type Channel = 'sms' | 'whatsapp'

/**
 * The channels that a client may request. With `whatsapp` an SMS follows if WhatsApp does not deliver the code; with `whatsapp_only`
 * none does.
 */
export const requestedChannels = ['sms', 'whatsapp', 'whatsapp_only'] as const

export type RequestedChannel = typeof requestedChannels[number]

export function toChannel (requested: RequestedChannel): Channel {
  return requested === 'sms' ? 'sms' : 'whatsapp'
}
