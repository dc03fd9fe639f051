import type { Milestone } from '../../../src/domain/sms/delivery-rules.ts'
import type {
  Claim, Claimant, DeliveryRecord, DeliveryState, NewDelivery, Receipt, DeliveryResult
} from '../../../src/domain/sms/delivery.ts'

export type { Claim, Claimant, NewDelivery, Receipt, DeliveryResult } from '../../../src/domain/sms/delivery.ts'

export interface ReceiptEffect {
  /** False for repeated receipts, for earlier states, and for unknown messages. */
  isNews: boolean
  /** The record after the receipt; `undefined` for unknown messages. */
  record: DeliveryRecord | undefined
}

/** Called once for each milestone, on the instance that reached it. */
export type Observe = (record: DeliveryRecord, milestone: Milestone) => void

/**
 * Stores the state of each SMS for a day, which is longer than the life of its code, so that a sent SMS is never queued
 * again. Every method is atomic, however many instances race. It rejects with `UnavailableError` if the store cannot be
 * reached. Times are milliseconds since the epoch.
 */
export interface DeliveryStore {
  /** Creates a delivery before it is queued, unless it exists. Returns its state. */
  open (id: string, delivery: NewDelivery, now: number): Promise<DeliveryState>
  /**
   * Marks a delivery before a carrier call, and creates it if necessary. A delivery in state `sending` is held while the
   * other call may last; after that the call counts as ambiguous.
   */
  claim (id: string, delivery: Claimant, now: number): Promise<Claim>
  /**
   * Stores the result of a carrier call. A final state from a receipt stays. `claimed` is the record of the claim: if
   * it is still current, the store need not read it.
   */
  complete (id: string, result: DeliveryResult, now: number, claimed?: DeliveryRecord): Promise<void>
  /** Applies a receipt. The state never moves backwards, and the first final state stays. */
  receive (receipt: Receipt, now: number): Promise<ReceiptEffect>
  find (id: string): Promise<DeliveryRecord | undefined>
}
