import { hash } from 'node:crypto'
import { createDelivery } from './delivery-rules.ts'
import type { DeliveryRecord } from './delivery.ts'

/**
 * Returns the id of the SMS that follows a WhatsApp message. It has a delivery of its own, so receipts of the two are not confused. Every
 * process derives the same id, so that the SMS is sent once.
 */
export function fallbackIdOf (deliveryId: string): string {
  return hash('sha256', `sms after ${deliveryId}`, 'base64url').slice(0, deliveryId.length)
}

/** Returns whether an SMS follows: WhatsApp did not deliver the code, and the client did not insist on WhatsApp. */
export function fallsBack ({ state, reason, channel }: Pick<DeliveryRecord, 'state' | 'reason' | 'channel'>): boolean {
  return state === 'failed' && reason === 'whatsapp_failed' && channel === 'whatsapp'
}

/** Finds a delivery, or the SMS that follows it. An SMS that no process has begun to send counts as queued. */
export async function findLatest (
  find: (id: string) => Promise<DeliveryRecord | undefined>, id: string
): Promise<DeliveryRecord | undefined> {
  const record = await find(id)
  if (record === undefined || !fallsBack(record)) return record
  return await find(fallbackIdOf(id)) ?? createDelivery({ challengeId: String(record.challengeId), send: record.send }, record.queuedAt)
}
