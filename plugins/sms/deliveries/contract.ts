import type { Milestone } from '../../../src/domain/sms/delivery-rules.ts'
import type { Claim, Claimant, DeliveryRecord, DeliveryState, NewDelivery, Receipt, Settlement } from '../../../src/domain/sms/delivery.ts'

export type { Claim, Claimant, NewDelivery, Receipt, Settlement } from '../../../src/domain/sms/delivery.ts'

export interface ReceiptEffect {
  /** False for a repeat, for what would move a status backwards, and for messages that nobody knows. */
  isNews: boolean
  /** As it is now; `undefined` for messages that nobody knows. */
  record: DeliveryRecord | undefined
}

/** Told of each milestone once, by the instance whose step it was. */
export type Observe = (record: DeliveryRecord, milestone: Milestone) => void

/**
 * Keeps what became of each SMS for a day: long after its challenge, so that a marked send is never queued again.
 * Every method is one atomic step, however many instances race, and rejects with `UnavailableError` when the store
 * cannot be reached. Times are milliseconds since the epoch.
 */
export interface DeliveryStore {
  /** Notes a delivery that is about to be queued; one that is there stays as it is. Returns its state. */
  open (id: string, delivery: NewDelivery, now: number): Promise<DeliveryState>
  /** Marks it before a carrier call; one that was never opened is opened by it. One found `sending` is held while its call may last; then it counts as ambiguous. */
  claim (id: string, delivery: Claimant, now: number): Promise<Claim>
  /**
   * Marks it after a carrier call. An end that a receipt brought meanwhile stays. `claimed`: as its claim answered it,
   * which spares a look where it is still so.
   */
  settle (id: string, settlement: Settlement, now: number, claimed?: DeliveryRecord): Promise<void>
  /** Takes a receipt; a status never moves backwards, and the first end stays. */
  receive (receipt: Receipt, now: number): Promise<ReceiptEffect>
  /** What is known of it; `undefined` for one that nobody knows. */
  find (id: string): Promise<DeliveryRecord | undefined>
}
