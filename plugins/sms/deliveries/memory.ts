import type { DeliveryRecord, NewDelivery } from '../../../src/domain/sms/delivery.ts'
import { claim, createDelivery, isForgotten, milestoneOf, receive, settle } from '../../../src/domain/sms/delivery-rules.ts'
import type { DeliveryStore, Observe } from './contract.ts'

export interface MemoryDeliveryStore extends DeliveryStore {
  /** Drops what time has ended; returns how many are still known. */
  sweep (now: number): number
}

/** About half a kilobyte each; beyond this the oldest are forgotten. */
const maximumKept = 100_000

/** For one process: JavaScript runs each rule to its end, so each step is atomic. A restart forgets everything. */
export function createMemoryDeliveryStore (observe: Observe, capacity = maximumKept): MemoryDeliveryStore {
  /** Oldest first. */
  const records = new Map<string, DeliveryRecord>()
  const idsByMessage = new Map<string, string>()

  function open (id: string, delivery: NewDelivery, now: number): DeliveryRecord {
    const kept = find(id, now)
    if (kept !== undefined) return kept
    const record = createDelivery(delivery, now)
    records.delete(id)
    records.set(id, record)
    const [oldest = ''] = records.keys()
    if (records.size > capacity) records.delete(oldest)
    observe({ ...record }, 'queued')
    return record
  }

  function find (id: string, now: number): DeliveryRecord | undefined {
    const record = records.get(id)
    return record === undefined || isForgotten(record, now) ? undefined : record
  }

  /** Runs a rule over a record, and tells of it where it came further. */
  function step<T> (record: DeliveryRecord, rule: () => T): T {
    const before = record.state
    const outcome = rule()
    const milestone = milestoneOf(before, record.state)
    if (milestone !== undefined) observe({ ...record }, milestone)
    return outcome
  }

  return {
    async open (id, delivery, now) {
      return open(id, delivery, now).state
    },
    async claim (id, delivery, now) {
      const record = open(id, delivery, now)
      return step(record, () => claim(record, delivery, now))
    },
    async settle (id, settlement, now) {
      if (settlement.kind === 'sent') idsByMessage.set(messageKeyOf(settlement.provider, settlement.messageId), id)
      const record = find(id, now)
      if (record !== undefined) step(record, () => settle(record, settlement, now))
    },
    async receive (receipt, now) {
      const { deliveryId = idsByMessage.get(messageKeyOf(receipt.provider, receipt.messageId)) } = receipt
      const record = deliveryId === undefined ? undefined : find(deliveryId, now)
      if (record === undefined) return { isNews: false, record: undefined }
      return { isNews: step(record, () => receive(record, receipt, now)), record: { ...record } }
    },
    async find (id) {
      const record = records.get(id)
      return record === undefined ? undefined : { ...record }
    },
    sweep (now) {
      for (const [id, record] of records) {
        if (isForgotten(record, now)) records.delete(id)
      }
      for (const [message, id] of idsByMessage) {
        if (!records.has(id)) idsByMessage.delete(message)
      }
      return records.size
    }
  }
}

const messageKeyOf = (provider: string, messageId: string) => `${provider}:${messageId}`
