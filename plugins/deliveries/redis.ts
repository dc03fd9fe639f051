import type { Cluster, Redis, Result } from 'ioredis'
import { isDeliveryReason } from '../../src/domain/delivery-reasons.ts'
import type { DeliveryRecord, DeliveryState, Receipt, Settlement } from '../../src/domain/delivery.ts'
import { createDelivery, deliveryLifeMs, milestoneOf } from '../../src/domain/delivery-rules.ts'
import { ask, createDeadlines } from '../../src/redis-deadlines.ts'
import { recordVersion } from '../../src/redis-scripts.ts'
import type { DeliveryStore, Observe } from './contract.ts'
import { claimScript, findScript, openScript, receiveScript, settleScript } from './scripts.ts'

declare module 'ioredis' {
  interface RedisCommander<Context> {
    deliveryOpen (...args: Array<string | number>): Result<string[], Context>
    deliveryClaim (...args: Array<string | number>): Result<string[], Context>
    deliverySettle (...args: Array<string | number>): Result<string[], Context>
    deliveryReceive (...args: Array<string | number>): Result<string[], Context>
    deliveryFind (...args: Array<string | number>): Result<string[], Context>
  }
}

/** As scripts answer it, who have checked it: what is unknown is absent, and a later version may know more reasons. */
type KeptRecord = Omit<DeliveryRecord, 'reason'> & { reason?: string }

/** What a script left of a record, and the state that it found; none where it made the record. */
interface Step { before: DeliveryState | undefined, record: DeliveryRecord }

/** What a carrier took is noted however late: nobody else would, and it would be sent once more. */
const noDeadline = Number.MAX_SAFE_INTEGER

/** For any number of instances: one script a step. Finding a delivery by its message's id is a round trip more. */
export function createRedisDeliveryStore (redis: Redis | Cluster, observe: Observe): DeliveryStore {
  const deadlines = createDeadlines(redis)
  redis.defineCommand('deliveryOpen', { numberOfKeys: 1, lua: openScript })
  redis.defineCommand('deliveryClaim', { numberOfKeys: 1, lua: claimScript })
  redis.defineCommand('deliverySettle', { numberOfKeys: 1, lua: settleScript })
  redis.defineCommand('deliveryReceive', { numberOfKeys: 1, lua: receiveScript })
  redis.defineCommand('deliveryFind', { numberOfKeys: 1, lua: findScript })

  function told (step: Step): Step {
    const milestone = milestoneOf(step.before, step.record.state)
    if (milestone !== undefined) observe(step.record, milestone)
    return step
  }

  async function settleScripted (id: string, settlement: Settlement, now: number): Promise<string[]> {
    const call = async (deadline: number) => await redis.deliverySettle(keyOf(id), now, deadline, ...argumentsOf(settlement))
    if (settlement.kind !== 'sent') return await deadlines.run(call)
    const index = redis.set(messageKeyOf(settlement), id, 'PX', deliveryLifeMs)
    const [reply] = await ask(Promise.all([call(noDeadline), index]))
    return reply
  }

  return {
    async open (id, delivery, now) {
      const fresh = createDelivery(delivery, now)
      const reply = await deadlines.run((deadline) => redis.deliveryOpen(keyOf(id), now, deadline, textOf(fresh)))
      return told(reply[0] === 'made' ? { before: undefined, record: fresh } : readStep(reply)).record.state
    },
    async claim (id, delivery, now) {
      const reply = await deadlines.run((deadline) => redis.deliveryClaim(keyOf(id), now, deadline, textOf(createDelivery(delivery, now)), delivery.claimant))
      const [kind, afterMs] = reply
      if (kind === 'held') return { kind, afterMs: Number(afterMs) }
      const { record } = told(readStep(reply))
      return record.state === 'sending' ? { kind: 'go', record } : { kind: 'done', state: record.state }
    },
    async settle (id, settlement, now) {
      const reply = await settleScripted(id, settlement, now)
      if (isKnown(reply)) told(readStep(reply))
    },
    async receive (receipt, now) {
      const id = receipt.deliveryId ?? await ask(redis.get(messageKeyOf(receipt)))
      if (id === null) return { isNews: false, record: undefined }
      const { provider, messageId, status, reason = 'not_sent' } = receipt
      const reply = await deadlines.run((deadline) => redis.deliveryReceive(keyOf(id), now, deadline, status, provider, messageId, reason))
      if (!isKnown(reply)) return { isNews: false, record: undefined }
      const { before, record } = told(readStep(reply))
      return { isNews: before !== record.state, record }
    },
    async find (id) {
      const reply = await deadlines.run((deadline) => redis.deliveryFind(keyOf(id), 0, deadline))
      return isKnown(reply) ? readStep(reply).record : undefined
    }
  }
}

const keyOf = (id: string) => `delivery:{${id}}`
/** On a cluster node of its own, so no script touches it. */
const messageKeyOf = ({ provider, messageId }: Pick<Receipt, 'provider' | 'messageId'>) => `delivery:message:{${provider}:${messageId}}`

/** As Redis is to keep one that is not there yet. */
const textOf = (record: DeliveryRecord) => JSON.stringify({ v: recordVersion, ...record })

function argumentsOf (settlement: Settlement): Array<string | number> {
  switch (settlement.kind) {
    case 'sent': return ['sent', settlement.provider, settlement.messageId]
    case 'retry': return ['retry', settlement.ambiguous ? 1 : 0]
    case 'failed': return ['failed', settlement.reason, ...(settlement.provider === undefined ? [] : [settlement.provider])]
    default: return [settlement.kind]
  }
}

const isKnown = ([kind]: string[]) => kind === 'record'

function readStep ([, before = '', text = '']: string[]): Step {
  return { before: before === '' ? undefined : before as DeliveryState, record: readRecord(JSON.parse(text) as KeptRecord) }
}

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

/** A later version may know reasons that this one does not. */
function readReason (text: string | undefined): DeliveryRecord['reason'] {
  return text === undefined || isDeliveryReason(text) ? text : 'not_sent'
}
