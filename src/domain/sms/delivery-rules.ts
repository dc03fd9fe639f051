/**
 * The rules of deliveries, as pure functions over plain records, for whatever keeps them.
 */
import { maximumAttempts } from './backoff.ts'
import type { DeliveryReason } from './delivery-reasons.ts'
import type { Claim, Claimant, DeliveryRecord, DeliveryState, DeliveryStatus, NewDelivery, Receipt, Settlement } from './delivery.ts'

/** Long after its code is over, so that a marked send is never queued again. */
export const deliveryLifeMs = 86_400_000

/** A carrier call is given up after 7 s; the rest is for the mark after it. */
export const callLifeMs = 7250

/**
 * So many calls that a kill cut off are no attempts of their own, for a process that is killed often must not lose an
 * SMS; beyond, it may be this SMS that kills it.
 */
const maximumCuts = 5

/** A delivery never goes back; those of the highest rank are ends. */
export const ranks = { queued: 0, sending: 1, sent: 2, delivered: 3, failed: 3, dropped: 3 } as const satisfies Record<DeliveryState, number>

const isUnsent = ({ state }: DeliveryRecord) => ranks[state] < ranks.sent
const isEnded = ({ state }: DeliveryRecord) => ranks[state] > ranks.sent

export function createDelivery ({ challengeId, send = 1, country }: NewDelivery, now: number): DeliveryRecord {
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
    queuedAt: now,
    sentAt: undefined,
    endedAt: undefined
  }
}

/** Nothing is known of it any more. */
export function isForgotten ({ queuedAt }: DeliveryRecord, now: number): boolean {
  return now - queuedAt >= deliveryLifeMs
}

/**
 * Before a carrier call. One found `sending` by another process is in the middle of a call until that must be over;
 * then it was cut off by a kill, and perhaps sent. One found so by the same process only missed the answer to its claim.
 */
export function claim (record: DeliveryRecord, { claimant }: Claimant, now: number): Claim {
  if (!isUnsent(record)) return { kind: 'done', state: record.state }
  if (record.state === 'sending') {
    if (record.claimant === claimant) return { kind: 'go', record: { ...record } }
    const afterMs = heldFor(record, now)
    if (afterMs > 0) return { kind: 'held', afterMs }
    record.ambiguous += 1
    if (record.ambiguous <= maximumCuts) record.attempts -= 1
  }
  if (record.attempts >= maximumAttempts) {
    Object.assign(record, { state: 'failed', reason: 'not_sent', endedAt: now })
    return { kind: 'done', state: record.state }
  }
  record.attempts += 1
  Object.assign(record, { state: 'sending', claimant, claimedAt: now })
  return { kind: 'go', record: { ...record } }
}

/** Nobody waits for a claim whose moment is further off than clocks can be. */
function heldFor ({ claimedAt = 0 }: DeliveryRecord, now: number): number {
  return Math.abs(now - claimedAt) < callLifeMs ? claimedAt + callLifeMs - now : 0
}

/** After a carrier call. What a receipt said meanwhile is surer: it comes from whoever has the message. */
export function settle (record: DeliveryRecord, settlement: Settlement, now: number): void {
  switch (settlement.kind) {
    case 'sent':
      if (!isEnded(record)) take(record, settlement, now)
      break
    case 'retry':
    case 'postponed':
      if (record.state === 'sending') requeue(record, settlement)
      break
    case 'failed':
    case 'dropped':
      if (isUnsent(record)) end(record, settlement, now)
      break
  }
}

function take (record: DeliveryRecord, { provider, messageId }: { provider: string, messageId: string }, now: number): void {
  Object.assign(record, { state: 'sent', provider, messageId, sentAt: record.sentAt ?? now })
}

function requeue (record: DeliveryRecord, settlement: Extract<Settlement, { kind: 'retry' | 'postponed' }>): void {
  record.state = 'queued'
  if (settlement.kind === 'postponed') record.attempts -= 1
  else if (settlement.ambiguous) record.ambiguous += 1
}

function end (record: DeliveryRecord, settlement: Extract<Settlement, { kind: 'failed' | 'dropped' }>, now: number): void {
  record.state = settlement.kind
  record.endedAt = now
  if (settlement.kind === 'dropped') return
  record.reason = settlement.reason
  record.provider = settlement.provider
}

/** Whether a receipt is news; then the record has it. */
export function receive (record: DeliveryRecord, receipt: Receipt, now: number): boolean {
  const { status, reason = 'not_sent' } = receipt
  if (ranks[status] <= ranks[record.state]) return false
  if (status === 'failed' && !isCurrent(record, receipt)) return false
  take(record, receipt, now)
  record.state = status
  if (status !== 'sent') record.endedAt = now
  if (status === 'failed') record.reason = reason
  return true
}

/**
 * Whether it is about the latest attempt: a failure of an earlier one, perhaps sent, says nothing about this one. While
 * the carrier's answer is outstanding its id is not known.
 */
function isCurrent (record: DeliveryRecord, { provider, messageId }: Receipt): boolean {
  if (record.messageId === undefined) return record.state === 'sending' && record.ambiguous === 0
  return record.messageId === messageId && record.provider === provider
}

/** What counts, once each: that it was queued, that a carrier took it, and its end. */
export type Milestone = Exclude<DeliveryState, 'sending'>

/** What a step came to, if it is a milestone; `before` is undefined where the step made the record. */
export function milestoneOf (before: DeliveryState | undefined, after: DeliveryState): Milestone | undefined {
  if (before === undefined) return 'queued'
  return after === 'sending' || after === 'queued' || ranks[after] <= ranks[before] ? undefined : after
}

/** As clients are told. */
export function statusOf (state: DeliveryState): DeliveryStatus {
  if (state === 'sending') return 'queued'
  return state === 'dropped' ? 'failed' : state
}

/** Why it did not arrive, of one that did not. */
export function reasonOf ({ state, reason = 'not_sent' }: DeliveryRecord): DeliveryReason | undefined {
  if (state === 'dropped') return 'expired'
  return state === 'failed' ? reason : undefined
}
