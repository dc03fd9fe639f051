/** The state transitions of deliveries, as pure functions on records; every store uses them. */
import { maximumAttempts } from './backoff.ts'
import type { DeliveryReason } from './delivery-reasons.ts'
import type { Claim, Claimant, DeliveryRecord, DeliveryState, DeliveryStatus, NewDelivery, Receipt, DeliveryResult } from './delivery.ts'

/** Longer than the life of any code, so that a sent SMS is never queued again. */
export const deliveryLifeMs = 86_400_000

/** A carrier call has a timeout of 7 s; the rest is for storing its result. */
export const callLifeMs = 7250

/**
 * Up to this many calls that a kill interrupted do not use up attempts, so that frequent kills do not lose an SMS. Beyond
 * that number this SMS may be what crashes the process.
 */
const maximumInterruptions = 5

/** The rank of a delivery never decreases; states of the highest rank are final. */
export const ranks = {
  queued: 0, sending: 1, sent: 2, delivered: 3, failed: 3, dropped: 3
} as const satisfies Record<DeliveryState, number>

const isUnsent = ({ state }: DeliveryRecord) => ranks[state] < ranks.sent
const isFinal = ({ state }: DeliveryRecord) => ranks[state] > ranks.sent

export function createDelivery ({ challengeId, send = 1, country, channel }: NewDelivery, now: number): DeliveryRecord {
  return {
    state: 'queued',
    challengeId,
    send,
    country,
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
    endedAt: undefined,
    ...(channel === undefined ? {} : { channel })
  }
}

/** Stores ignore an expired record. */
export function isExpired ({ queuedAt }: DeliveryRecord, now: number): boolean {
  return now - queuedAt >= deliveryLifeMs
}

/**
 * Claims a delivery before a carrier call. If another process is `sending` it, the call may be in flight until its timeout;
 * after that a kill interrupted it, and the SMS was perhaps sent. If the same process is `sending` it, only the reply to
 * its claim was lost.
 */
export function claim (record: DeliveryRecord, { claimant }: Claimant, now: number): Claim {
  if (!isUnsent(record)) return { kind: 'done', state: record.state }
  if (record.state === 'sending') {
    if (record.claimant === claimant) return { kind: 'go', record: { ...record } }
    const afterMs = findHoldMs(record, now)
    if (afterMs > 0) return { kind: 'held', afterMs }
    record.ambiguous += 1
    if (record.ambiguous <= maximumInterruptions) record.attempts -= 1
  }
  if (record.retryAt !== undefined && record.retryAt > now) return { kind: 'held', afterMs: record.retryAt - now }
  if (record.attempts >= maximumAttempts) {
    Object.assign(record, { state: 'failed', reason: 'not_sent', endedAt: now })
    return { kind: 'done', state: record.state }
  }
  record.attempts += 1
  Object.assign(record, { state: 'sending', claimant, claimedAt: now, retryAt: undefined })
  return { kind: 'go', record: { ...record } }
}

/** A claim further in the future than the allowed clock skew is ignored. */
function findHoldMs ({ claimedAt = 0 }: DeliveryRecord, now: number): number {
  return Math.abs(now - claimedAt) < callLifeMs ? claimedAt + callLifeMs - now : 0
}

/** Stores the result of a carrier call. A receipt that arrived during the call has precedence, since it is newer. */
export function complete (record: DeliveryRecord, result: DeliveryResult, now: number): void {
  switch (result.kind) {
    case 'sent':
      if (!isFinal(record)) markSent(record, result, now)
      break
    case 'retry':
    case 'postponed':
      if (record.state === 'sending') requeue(record, result)
      break
    case 'failed':
    case 'dropped':
      if (isUnsent(record)) end(record, result, now)
      break
  }
}

function markSent (record: DeliveryRecord, { provider, messageId }: { provider: string, messageId: string }, now: number): void {
  Object.assign(record, { state: 'sent', provider, messageId, sentAt: record.sentAt ?? now })
}

function requeue (record: DeliveryRecord, result: Extract<DeliveryResult, { kind: 'retry' | 'postponed' }>): void {
  record.state = 'queued'
  record.retryAt = result.retryAt
  if (result.kind === 'postponed') record.attempts -= 1
  else if (result.ambiguous) record.ambiguous += 1
}

function end (record: DeliveryRecord, result: Extract<DeliveryResult, { kind: 'failed' | 'dropped' }>, now: number): void {
  record.state = result.kind
  record.endedAt = now
  if (result.kind === 'dropped') return
  record.reason = result.reason
  record.provider = result.provider
}

/** Applies a receipt to the record; returns false if it changes nothing. */
export function receive (record: DeliveryRecord, receipt: Receipt, now: number): boolean {
  const { status, reason = 'not_sent' } = receipt
  if (ranks[status] <= ranks[record.state]) return false
  if (status === 'failed' && !isCurrent(record, receipt)) return false
  markSent(record, receipt, now)
  record.state = status
  if (status !== 'sent') record.endedAt = now
  if (status === 'failed') record.reason = reason
  return true
}

/**
 * Returns whether the receipt reports on the latest attempt: a failed earlier attempt does not affect the latest one. While the
 * carrier's reply is outstanding, the message id of the latest attempt is unknown.
 */
function isCurrent (record: DeliveryRecord, { provider, messageId }: Receipt): boolean {
  if (record.messageId === undefined) return record.state === 'sending' && record.ambiguous === 0
  return record.messageId === messageId && record.provider === provider
}

/** States that the metrics count once for each delivery. */
export type Milestone = Exclude<DeliveryState, 'sending'>

/** The milestone that a transition reached, if any; `before` is undefined if it created the record. */
export function findMilestone (before: DeliveryState | undefined, after: DeliveryState): Milestone | undefined {
  if (before === undefined) return 'queued'
  return after === 'sending' || after === 'queued' || ranks[after] <= ranks[before] ? undefined : after
}

/** The status that clients see. */
export function toStatus (state: DeliveryState): DeliveryStatus {
  if (state === 'sending') return 'queued'
  return state === 'dropped' ? 'failed' : state
}

/** Why the SMS did not arrive; `undefined` unless it failed. */
export function findReason ({ state, reason = 'not_sent' }: DeliveryRecord): DeliveryReason | undefined {
  if (state === 'dropped') return 'expired'
  return state === 'failed' ? reason : undefined
}
