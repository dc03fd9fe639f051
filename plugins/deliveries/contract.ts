import type { DeliveryReason } from '../../src/domain/delivery-reasons.ts'
import type { DeliveryRecord, DeliveryState } from '../../src/domain/delivery.ts'

/** What is known of an SMS when it is queued. */
export interface NewDelivery {
  /** The challenge whose SMS it is; none for a notice. */
  challengeId?: string
  send?: number
  country?: string
}

export type Claim =
  /** The carrier may be called; `record` has this attempt counted. */
  | { kind: 'go', record: DeliveryRecord }
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

export interface ReceiptEffect {
  /** False for a repeat, for what would move a status backwards, and for messages that nobody knows. */
  isNews: boolean
  /** As it is now; `undefined` for messages that nobody knows. */
  record: DeliveryRecord | undefined
}

/**
 * Keeps what became of each SMS for a day: long after its challenge, so that a marked send is never queued again.
 * Every method is one atomic step, however many instances race, and rejects with `UnavailableError` when the store
 * cannot be reached. Times are milliseconds since the epoch.
 */
export interface DeliveryStore {
  /** Notes a delivery that is about to be queued; one that is there stays as it is. Returns its state. */
  open (id: string, delivery: NewDelivery, now: number): Promise<DeliveryState>
  /** Marks it before a carrier call; one that was never opened is opened by it. One found `sending` was cut off by a kill and counts as ambiguous. */
  claim (id: string, delivery: NewDelivery, now: number): Promise<Claim>
  /** Marks it after a carrier call. An end that a receipt brought meanwhile stays. */
  settle (id: string, settlement: Settlement, now: number): Promise<void>
  /** Takes a receipt; a status never moves backwards, and the first end stays. */
  receive (receipt: Receipt, now: number): Promise<ReceiptEffect>
  find (id: string): Promise<DeliveryRecord | undefined>
}
