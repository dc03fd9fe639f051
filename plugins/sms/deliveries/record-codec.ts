import { isDeliveryReason } from '../../../src/domain/sms/delivery-reasons.ts'
import { requestedChannels, type DeliveryRecord } from '../../../src/domain/sms/delivery.ts'
import { ranks } from '../../../src/domain/sms/delivery-rules.ts'
import { recordVersion } from '../../../src/redis/scripts.ts'

/** The stored form; a later version may have more reasons and channels. */
type StoredRecord = Omit<DeliveryRecord, 'reason' | 'channel'> & { reason?: string, channel?: string }

const counts = ['send', 'attempts', 'ambiguous', 'queuedAt'] as const satisfies Array<keyof StoredRecord>
const moments = ['claimedAt', 'retryAt', 'sentAt', 'endedAt'] as const satisfies Array<keyof StoredRecord>
const texts = ['challengeId', 'country', 'channel', 'claimant', 'provider', 'messageId', 'reason'] as const satisfies Array<keyof StoredRecord>

/**
 * Formats a record as JSON, which costs a third of a Redis hash with its fields. Unknown fields are absent. Equal records
 * have equal texts, which the compare-and-set of the store needs.
 */
export function formatRecord (record: DeliveryRecord): string {
  return JSON.stringify({ v: recordVersion, ...record })
}

/** Returns `undefined` for an empty text, a corrupt record or another version. */
export function parseRecord (text: string): DeliveryRecord | undefined {
  const stored = parse(text)
  return isRecord(stored) ? readRecord(stored) : undefined
}

function parse (text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isRecord (value: unknown): value is StoredRecord {
  if (typeof value !== 'object' || value === null) return false
  const stored = value as Record<string, unknown>
  const { v, state } = stored
  return v === recordVersion && typeof state === 'string' && Object.hasOwn(ranks, state) &&
    counts.every((field) => isCount(stored[field])) &&
    moments.every((field) => stored[field] === undefined || isCount(stored[field])) &&
    texts.every((field) => stored[field] === undefined || typeof stored[field] === 'string')
}

function isCount (value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

/** Puts the fields in the order of `createDelivery`, without unknown ones, so that equal records have equal texts. */
function readRecord (stored: StoredRecord): DeliveryRecord {
  const channel = requestedChannels.find((each) => each === stored.channel)
  return {
    state: stored.state,
    challengeId: stored.challengeId,
    send: stored.send,
    country: stored.country,
    claimant: stored.claimant,
    claimedAt: stored.claimedAt,
    attempts: stored.attempts,
    ambiguous: stored.ambiguous,
    provider: stored.provider,
    messageId: stored.messageId,
    reason: readReason(stored.reason),
    retryAt: stored.retryAt,
    queuedAt: stored.queuedAt,
    sentAt: stored.sentAt,
    endedAt: stored.endedAt,
    ...(channel === undefined ? {} : { channel })
  }
}

function readReason (text: string | undefined): DeliveryRecord['reason'] {
  return text === undefined || isDeliveryReason(text) ? text : 'not_sent'
}
