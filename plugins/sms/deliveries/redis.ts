import type { Cluster, Redis, Result } from 'ioredis'
import type { DeliveryRecord, Receipt } from '../../../src/domain/sms/delivery.ts'
import {
  claim, createDelivery, deliveryLifeMs, isExpired, findMilestone, receive, complete
} from '../../../src/domain/sms/delivery-rules.ts'
import { ask, createDeadlines } from '../../../src/redis/deadlines.ts'
import { asAbsent, lateRefusal } from '../../../src/redis/scripts.ts'
import type { DeliveryStore, Observe } from './contract.ts'
import { parseRecord, formatRecord } from './record-codec.ts'

declare module 'ioredis' {
  interface RedisCommander<Context> {
    deliverySwapBuffer (
      key: string, expected: string | Buffer, deadline: number, text: string, lifeMs: number | ''
    ): Result<Buffer[], Context>
  }
}

/**
 * Compare-and-set. KEYS: 1 the record. ARGV: 1 the expected text, empty if absent, 2 deadline by the server's clock,
 * 3 the new text, 4 its life in milliseconds, empty to keep the current expiry. Returns {'put'}, {'other', current text}
 * or {'late'}. A key of another type counts as absent.
 */
const swapScript = `${lateRefusal}
local text = redis.pcall('GET', KEYS[1])
if type(text) ~= 'string' then text = '' end
if text ~= ARGV[1] then return { 'other', text } end
if ARGV[4] == '' then redis.call('SET', KEYS[1], ARGV[3], 'KEEPTTL') else redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[4]) end
return { 'put' }
`

/** An accepted message is recorded without a deadline, if the record is unchanged since its claim; otherwise it would be sent again. */
const noDeadline = Number.MAX_SAFE_INTEGER

interface Stored {
  /** Byte for byte; empty if absent. */
  text: string | Buffer
  record: DeliveryRecord | undefined
  /** The record was not read from Redis. */
  isGuess?: boolean
}

interface StepOptions {
  now: number
  /** The probable current record. Guessing right saves the round trip of reading it. */
  guess?: DeliveryRecord | undefined
  /** The step is applied without a deadline. */
  isNeverLate?: boolean
}

/** Changes a copy of the record, or creates one; without a record in the result nothing is stored. */
type Rule<T> = (record: DeliveryRecord | undefined) => { record?: DeliveryRecord | undefined, outcome: T }

/**
 * Creates a store for any number of instances, with the same rules as the memory store. It applies a rule in this process and
 * stores the record by compare-and-set; after a conflict it applies the rule again to the current record. Finding a delivery by
 * message id takes one more round trip.
 */
export function createRedisDeliveryStore (redis: Redis | Cluster, observe: Observe): DeliveryStore {
  const deadlines = createDeadlines(redis)
  redis.defineCommand('deliverySwap', { numberOfKeys: 1, lua: swapScript })

  async function read (id: string): Promise<Stored> {
    return parseStored(await ask(redis.getBuffer(toKey(id)).catch(asAbsent)) ?? '')
  }

  async function swap (
    id: string, { text }: Stored, next: string, { lifeMs, isNeverLate }: { lifeMs: number | '', isNeverLate: boolean }
  ): Promise<Stored | undefined> {
    const call = async (deadline: number) => await redis.deliverySwapBuffer(toKey(id), text, deadline, next, lifeMs)
    const [kind, other = ''] = isNeverLate ? await ask(call(noDeadline)) : await deadlines.run(call)
    return String(kind) === 'put' ? undefined : parseStored(other)
  }

  async function step<T> (id: string, { now, guess, isNeverLate = false }: StepOptions, rule: Rule<T>): Promise<T> {
    let stored = guess === undefined || isExpired(guess, now) ? await read(id) : { text: formatRecord(guess), record: guess, isGuess: true }
    for (;;) {
      const before = stored.record === undefined || isExpired(stored.record, now) ? undefined : stored.record
      const { record, outcome } = rule(before === undefined ? undefined : { ...before })
      if (record === undefined) return outcome
      const next = formatRecord(record)
      if (stored.isGuess !== true && before !== undefined && next === formatRecord(before)) return outcome
      const other = await swap(id, stored, next, { lifeMs: before === undefined ? deliveryLifeMs : '', isNeverLate })
      if (other === undefined) {
        const milestone = findMilestone(before?.state, record.state)
        if (milestone !== undefined) observe(record, milestone)
        return outcome
      }
      stored = other
    }
  }

  return {
    async open (id, delivery, now) {
      const fresh = createDelivery(delivery, now)
      // This command needs no deadline: a late reply still describes the current state.
      if (await ask(redis.set(toKey(id), formatRecord(fresh), 'PX', deliveryLifeMs, 'NX')) === 'OK') {
        observe(fresh, 'queued')
        return fresh.state
      }
      return await step(id, { now }, (record = fresh) => ({ record, outcome: record.state }))
    },
    async claim (id, delivery, now) {
      const guess = delivery.queuedAt === undefined ? undefined : createDelivery(delivery, delivery.queuedAt)
      return await step(id, { now, guess }, (record = createDelivery(delivery, now)) => ({ record, outcome: claim(record, delivery, now) }))
    },
    async complete (id, result, now, claimed) {
      const isSent = result.kind === 'sent'
      const index = isSent ? ask(redis.set(toMessageKey(result), id, 'PX', deliveryLifeMs)) : undefined
      const completed = step(id, { now, guess: claimed, isNeverLate: isSent }, (record) => {
        if (record !== undefined) complete(record, result, now)
        return { record, outcome: undefined }
      })
      await Promise.all([completed, index])
    },
    async receive (receipt, now) {
      const id = receipt.deliveryId ?? await ask(redis.get(toMessageKey(receipt)))
      if (id === null) return { isNews: false, record: undefined }
      return await step(id, { now }, (record) => {
        const isNews = record !== undefined && receive(record, receipt, now)
        return { record, outcome: { isNews, record } }
      })
    },
    find: async (id) => (await read(id)).record
  }
}

const toKey = (id: string) => `delivery:{${id}}`
/** This key may be on another cluster node than the delivery, so the script does not use it. */
const toMessageKey = ({ provider, messageId }: Pick<Receipt, 'provider' | 'messageId'>) => `delivery:message:{${provider}:${messageId}}`

const parseStored = (text: Buffer | ''): Stored => ({ text, record: parseRecord(text.toString()) })
