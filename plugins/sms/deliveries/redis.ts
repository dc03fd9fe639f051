import type { Cluster, Redis, Result } from 'ioredis'
import type { DeliveryRecord, Receipt } from '../../../src/domain/sms/delivery.ts'
import { claim, createDelivery, deliveryLifeMs, isForgotten, milestoneOf, receive, settle } from '../../../src/domain/sms/delivery-rules.ts'
import { ask, createDeadlines } from '../../../src/redis/deadlines.ts'
import { asAbsent, lateRefusal } from '../../../src/redis/scripts.ts'
import type { DeliveryStore, Observe } from './contract.ts'
import { recordIn, textOf } from './record-codec.ts'

declare module 'ioredis' {
  interface RedisCommander<Context> {
    deliverySwapBuffer (key: string, expected: string | Buffer, deadline: number, text: string, lifeMs: number | ''): Result<Buffer[], Context>
  }
}

/**
 * Puts a record in the place of what the caller believes to be there. KEYS: 1 the record. ARGV: 1 what is there, empty
 * for nothing, 2 deadline by the server's own clock, 3 the new text, 4 its life in milliseconds, empty to keep the end
 * that it has. Answers {'put'}, {'other', what else is there} or {'late'}. A key of another type counts as absent.
 */
const swapScript = `${lateRefusal}
local text = redis.pcall('GET', KEYS[1])
if type(text) ~= 'string' then text = '' end
if text ~= ARGV[1] then return { 'other', text } end
if ARGV[4] == '' then redis.call('SET', KEYS[1], ARGV[3], 'KEEPTTL') else redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[4]) end
return { 'put' }
`

/** What a carrier took is noted however late it comes, where the record is still as it was claimed: else it would be sent once more. */
const noDeadline = Number.MAX_SAFE_INTEGER

interface Kept {
  /** To the byte; empty where there is none. */
  text: string | Buffer
  record: DeliveryRecord | undefined
  /** It was not looked at. */
  isGuess?: boolean
}

interface StepOptions {
  now: number
  /** What is probably there, which spares a look. */
  guess?: DeliveryRecord | undefined
  /** It is taken however late it comes. */
  isNeverLate?: boolean
}

/** What a rule made of a copy of the record, or of nothing, and what it answers. */
type Rule<T> = (record: DeliveryRecord | undefined) => { record?: DeliveryRecord | undefined, answer: T }

/**
 * For any number of instances, by the same rules as in memory: a step is taken here, and kept where nobody else took one
 * meanwhile; else it is taken anew. Finding a delivery by its message's id is a round trip more.
 */
export function createRedisDeliveryStore (redis: Redis | Cluster, observe: Observe): DeliveryStore {
  const deadlines = createDeadlines(redis)
  redis.defineCommand('deliverySwap', { numberOfKeys: 1, lua: swapScript })

  async function read (id: string): Promise<Kept> {
    return keptAs(await ask(redis.getBuffer(keyOf(id)).catch(asAbsent)) ?? '')
  }

  async function swap (id: string, { text }: Kept, next: string, { lifeMs, isNeverLate }: { lifeMs: number | '', isNeverLate: boolean }): Promise<Kept | undefined> {
    const call = async (deadline: number) => await redis.deliverySwapBuffer(keyOf(id), text, deadline, next, lifeMs)
    const [kind, other = ''] = isNeverLate ? await ask(call(noDeadline)) : await deadlines.run(call)
    return String(kind) === 'put' ? undefined : keptAs(other)
  }

  async function step<T> (id: string, { now, guess, isNeverLate = false }: StepOptions, rule: Rule<T>): Promise<T> {
    let kept = guess === undefined || isForgotten(guess, now) ? await read(id) : { text: textOf(guess), record: guess, isGuess: true }
    for (;;) {
      const before = kept.record === undefined || isForgotten(kept.record, now) ? undefined : kept.record
      const { record, answer } = rule(before === undefined ? undefined : { ...before })
      if (record === undefined) return answer
      const next = textOf(record)
      if (kept.isGuess !== true && before !== undefined && next === textOf(before)) return answer
      const other = await swap(id, kept, next, { lifeMs: before === undefined ? deliveryLifeMs : '', isNeverLate })
      if (other === undefined) {
        const milestone = milestoneOf(before?.state, record.state)
        if (milestone !== undefined) observe(record, milestone)
        return answer
      }
      kept = other
    }
  }

  return {
    async open (id, delivery, now) {
      const fresh = createDelivery(delivery, now)
      // However late it comes, it says what is so.
      if (await ask(redis.set(keyOf(id), textOf(fresh), 'PX', deliveryLifeMs, 'NX')) === 'OK') {
        observe(fresh, 'queued')
        return fresh.state
      }
      return await step(id, { now }, (record = fresh) => ({ record, answer: record.state }))
    },
    async claim (id, delivery, now) {
      const guess = delivery.queuedAt === undefined ? undefined : createDelivery(delivery, delivery.queuedAt)
      return await step(id, { now, guess }, (record = createDelivery(delivery, now)) => ({ record, answer: claim(record, delivery, now) }))
    },
    async settle (id, settlement, now, claimed) {
      const isSent = settlement.kind === 'sent'
      const index = isSent ? ask(redis.set(messageKeyOf(settlement), id, 'PX', deliveryLifeMs)) : undefined
      const settled = step(id, { now, guess: claimed, isNeverLate: isSent }, (record) => {
        if (record !== undefined) settle(record, settlement, now)
        return { record, answer: undefined }
      })
      await Promise.all([settled, index])
    },
    async receive (receipt, now) {
      const id = receipt.deliveryId ?? await ask(redis.get(messageKeyOf(receipt)))
      if (id === null) return { isNews: false, record: undefined }
      return await step(id, { now }, (record) => {
        const isNews = record !== undefined && receive(record, receipt, now)
        return { record, answer: { isNews, record } }
      })
    },
    find: async (id) => (await read(id)).record
  }
}

const keyOf = (id: string) => `delivery:{${id}}`
/** On a cluster node of its own, so no script touches it. */
const messageKeyOf = ({ provider, messageId }: Pick<Receipt, 'provider' | 'messageId'>) => `delivery:message:{${provider}:${messageId}}`

const keptAs = (text: Buffer | ''): Kept => ({ text, record: recordIn(text.toString()) })
