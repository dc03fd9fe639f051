import type { DeliveryRecord, NewDelivery } from '../../../src/domain/sms/delivery.ts'
import { claim, createDelivery, isExpired, findMilestone, receive, complete } from '../../../src/domain/sms/delivery-rules.ts'
import type { DeliveryStore, Observe } from './contract.ts'

export interface MemoryDeliveryStore extends DeliveryStore {
  /** Returns how many deliveries are left. */
  removeExpired (now: number): number
}

/** Each takes about half a kilobyte. Above this number the oldest are removed. */
const maximumDeliveries = 100_000

/** Creates a store for a single process. The rules are synchronous, so each step is atomic. A restart loses all deliveries. */
export function createMemoryDeliveryStore (observe: Observe, capacity = maximumDeliveries): MemoryDeliveryStore {
  /** Oldest first. */
  const records = new Map<string, DeliveryRecord>()
  const idsByMessage = new Map<string, string>()

  function open (id: string, delivery: NewDelivery, now: number): DeliveryRecord {
    const existing = find(id, now)
    if (existing !== undefined) return existing
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
    return record === undefined || isExpired(record, now) ? undefined : record
  }

  /** Applies a rule to a record, and reports a milestone that it reaches. */
  function step<T> (record: DeliveryRecord, rule: () => T): T {
    const before = record.state
    const outcome = rule()
    const milestone = findMilestone(before, record.state)
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
    async complete (id, result, now) {
      if (result.kind === 'sent') idsByMessage.set(toMessageKey(result.provider, result.messageId), id)
      const record = find(id, now)
      if (record !== undefined) step(record, () => complete(record, result, now))
    },
    async receive (receipt, now) {
      const { deliveryId = idsByMessage.get(toMessageKey(receipt.provider, receipt.messageId)) } = receipt
      const record = deliveryId === undefined ? undefined : find(deliveryId, now)
      if (record === undefined) return { isNews: false, record: undefined }
      return { isNews: step(record, () => receive(record, receipt, now)), record: { ...record } }
    },
    async find (id) {
      const record = records.get(id)
      return record === undefined ? undefined : { ...record }
    },
    removeExpired (now) {
      for (const [id, record] of records) {
        if (isExpired(record, now)) records.delete(id)
      }
      for (const [message, id] of idsByMessage) {
        if (!records.has(id)) idsByMessage.delete(message)
      }
      return records.size
    }
  }
}

const toMessageKey = (provider: string, messageId: string) => `${provider}:${messageId}`
