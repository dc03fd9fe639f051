import { isDeliveryReason } from '../../../src/domain/sms/delivery-reasons.ts'
import type { DeliveryRecord } from '../../../src/domain/sms/delivery.ts'
import { ranks } from '../../../src/domain/sms/delivery-rules.ts'
import { recordVersion } from '../../../src/redis/scripts.ts'

/** As it is kept; a later version may know more reasons. */
type KeptRecord = Omit<DeliveryRecord, 'reason'> & { reason?: string }

const counts = ['send', 'attempts', 'ambiguous', 'queuedAt'] as const satisfies Array<keyof KeptRecord>
const moments = ['claimedAt', 'sentAt', 'endedAt'] as const satisfies Array<keyof KeptRecord>
const texts = ['challengeId', 'country', 'claimant', 'provider', 'messageId', 'reason'] as const satisfies Array<keyof KeptRecord>

/** One JSON text is a third of what a Redis hash of the fields costs. What is unknown is absent; equal records are equal texts. */
export function textOf (record: DeliveryRecord): string {
  return JSON.stringify({ v: recordVersion, ...record })
}

/** Nothing where there is none, or one that is corrupt or of another version. */
export function recordIn (text: string): DeliveryRecord | undefined {
  const kept = parse(text)
  return isWhole(kept) ? readRecord(kept) : undefined
}

function parse (text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isWhole (value: unknown): value is KeptRecord {
  if (typeof value !== 'object' || value === null) return false
  const kept = value as Record<string, unknown>
  const { v, state } = kept
  return v === recordVersion && typeof state === 'string' && Object.hasOwn(ranks, state) &&
    counts.every((field) => isCount(kept[field])) &&
    moments.every((field) => kept[field] === undefined || isCount(kept[field])) &&
    texts.every((field) => kept[field] === undefined || typeof kept[field] === 'string')
}

function isCount (value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

/** In the order that `createDelivery` makes, and with nothing that the rules do not know. */
function readRecord (kept: KeptRecord): DeliveryRecord {
  return {
    state: kept.state,
    challengeId: kept.challengeId,
    send: kept.send,
    country: kept.country,
    claimant: kept.claimant,
    claimedAt: kept.claimedAt,
    attempts: kept.attempts,
    ambiguous: kept.ambiguous,
    provider: kept.provider,
    messageId: kept.messageId,
    reason: readReason(kept.reason),
    queuedAt: kept.queuedAt,
    sentAt: kept.sentAt,
    endedAt: kept.endedAt
  }
}

function readReason (text: string | undefined): DeliveryRecord['reason'] {
  return text === undefined || isDeliveryReason(text) ? text : 'not_sent'
}
