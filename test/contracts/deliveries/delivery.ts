import { randomBytes } from 'node:crypto'
import type { Test } from 'tap'
import type { DeliveryStore, Observe } from '../../../plugins/sms/deliveries/contract.ts'
import type { DeliveryRecord, Receipt } from '../../../src/domain/sms/delivery.ts'

/** Creates a store that reports milestones, with records that do not collide with those of other tests. */
export type MakeStore = (t: Test, observe: Observe) => Promise<DeliveryStore>

export const second = 1000
export const day = 86_400_000

export const createId = () => randomBytes(16).toString('base64url').slice(0, 22)
export const createMessageId = () => `SM${randomBytes(16).toString('hex')}`

/** Creates a store and the id of a delivery that it does not have yet, and collects the milestones. */
export async function createDelivery (t: Test, makeStore: MakeStore) {
  const milestones: string[] = []
  const store = await makeStore(t, (_record, milestone) => { milestones.push(milestone) })
  const id = createId()
  const messageId = createMessageId()
  const delivery = { claimant: 'service', challengeId: 'challenge', send: 2, country: 'IN' }
  return {
    store,
    id,
    messageId,
    delivery,
    milestones,
    now: Date.now(),
    record: async (): Promise<DeliveryRecord> => {
      const record = await store.find(id)
      if (record === undefined) throw new Error('no such delivery')
      return record
    },
    receipt: (status: Receipt['status'], more: Partial<Receipt> = {}): Receipt => ({
      deliveryId: id, provider: 'twilio', messageId, status, ...more
    })
  }
}

/** Returns the record of a delivery that has just been opened. */
export function newRecord (now: number): DeliveryRecord {
  return {
    state: 'queued',
    challengeId: 'challenge',
    send: 2,
    country: 'IN',
    claimant: undefined,
    claimedAt: undefined,
    attempts: 0,
    ambiguous: 0,
    provider: undefined,
    messageId: undefined,
    reason: undefined,
    retryAt: undefined,
    queuedAt: now,
    sentAt: undefined,
    endedAt: undefined
  }
}
