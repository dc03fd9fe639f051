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
  /** Whose carrier call it is in, or was in last. */
  claimant: string | undefined
  claimedAt: number | undefined
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

/** What is known of an SMS when it is queued. */
export interface NewDelivery {
  /** The challenge whose SMS it is; none for a notice. */
  challengeId?: string
  send?: number
  country?: string
}

/** Who is about to call a carrier. */
export interface Claimant extends NewDelivery {
  /** When it was opened, if the claimant knows, which spares a look. */
  queuedAt?: number | undefined
  /** Of the process: no two have the same, and none begins a second call for an SMS before it settled the first. */
  claimant: string
}

export type Claim =
  /** The carrier may be called; `record` has this attempt counted. */
  | { kind: 'go', record: DeliveryRecord }
  /** Another process may be inside a carrier call for it; it is to be asked for again after this pause. */
  | { kind: 'held', afterMs: number }
  /** A carrier has it, or it came to its end: nothing is to be done. */
  | { kind: 'done', state: DeliveryState }

/** What a carrier call came to. */
export type Settlement =
  | { kind: 'sent', provider: string, messageId: string }
  /** There will be another attempt. `ambiguous`: it may have been sent nevertheless. */
  | { kind: 'retry', ambiguous: boolean }
  /** No carrier was asked after all, so the attempt does not count. */
  | { kind: 'postponed' }
  | { kind: 'failed', reason: DeliveryReason, provider?: string }
  /** Its code was used or over. */
  | { kind: 'dropped' }

/** News of a carrier. */
export interface Receipt {
  /** From the address that the carrier was given; else the message's id finds the delivery. */
  deliveryId?: string
  provider: string
  messageId: string
  status: 'sent' | 'delivered' | 'failed'
  reason?: DeliveryReason
}
