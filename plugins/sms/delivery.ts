import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import fp from 'fastify-plugin'
import { nextAttempt } from '../../src/domain/sms/backoff.ts'
import type { DeliveryRecord } from '../../src/domain/sms/delivery.ts'
import { SmsError } from '../../src/domain/sms/sms-error.ts'
import { nameOf } from '../../src/http/errors.ts'
import type { Settlement } from './deliveries/contract.ts'
import type { OutgoingMessage } from './providers/contract.ts'
import type { QueuedSms, RunOutcome } from './outbox/contract.ts'

export interface SmsDelivery {
  /** One run of a job: at most one attempt. Never rejects; a run of a job that is under way joins it. */
  run (job: QueuedSms): Promise<RunOutcome>
}

declare module 'fastify' {
  interface FastifyInstance { smsDelivery: SmsDelivery }
}

/** News that are older than this help nobody. */
const noticeValiditySeconds = 3600
/** After what has nothing to do with a carrier, such as a Redis that is away. */
const hindrancePauseMs = 1000
/** Short, so that a mark is written before another process may take the job over. */
const settlePauseMs = 200

const done: RunOutcome = { kind: 'done' }
const soon: RunOutcome = { kind: 'again', afterMs: hindrancePauseMs }

/**
 * Offers `smsDelivery`, between the queue and the carriers: marks each attempt before and after it in `deliveries`, so
 * that whoever runs the job next knows, and decides by the rules of `src/domain/sms/backoff.ts` what follows.
 */
export default fp(async (fastify) => {
  const { deliveries, otp, sms, smsTexts, clock, metrics, log } = fastify
  const claimant = randomUUID()
  const underWay = new Map<string, Promise<RunOutcome>>()
  const closing = new AbortController()

  /** Nothing once the code is used or over. */
  async function messageOf (job: QueuedSms): Promise<OutgoingMessage | undefined> {
    const { deliveryId: id, language = 'en' } = job
    if ('notice' in job) {
      const to = otp.openPhone(job.notice, job)
      if (to === undefined) return undefined
      const text = smsTexts.notice(job.notice, { phone: to, language })
      return { id, to, channel: 'sms', text, code: undefined, language, validitySeconds: noticeValiditySeconds }
    }
    const opened = await otp.open(job.challengeId)
    if (opened === undefined) return undefined
    const { phone, code, expiresAt } = opened
    const validitySeconds = (expiresAt - clock.now()) / 1000
    const text = smsTexts.code({ phone, country: job.country, code, language, lifeSeconds: validitySeconds })
    return { id, to: phone, channel: job.channel ?? 'sms', text, code, language, validitySeconds }
  }

  /** Tried until it is written: without its mark the next run would not know of the SMS, and send another one. */
  async function keep (write: () => Promise<void>): Promise<void> {
    for (;;) {
      try {
        return await write()
      } catch (error) {
        if (closing.signal.aborted) throw error
        await sleep(settlePauseMs, undefined, { signal: closing.signal }).catch(() => {})
      }
    }
  }

  async function settle (id: string, settlement: Settlement, claimed: DeliveryRecord): Promise<void> {
    const now = clock.now()
    await keep(async () => { await deliveries.settle(id, settlement, now, claimed) })
  }

  async function freeResend (job: QueuedSms): Promise<RunOutcome> {
    if (!('notice' in job)) await keep(async () => { await otp.freeResend(job.challengeId, job.send) })
    return done
  }

  async function giveUp (job: QueuedSms, { reason, provider }: SmsError, claimed: DeliveryRecord): Promise<RunOutcome> {
    // No alert: whoever types a wrong number causes it, and what concerns all messages is said once by its provider.
    log.warn({ ...describe(job), reason }, 'SMS given up')
    await settle(job.deliveryId, { kind: 'failed', reason, ...(provider === undefined ? {} : { provider }) }, claimed)
    return await freeResend(job)
  }

  async function attempt (job: QueuedSms): Promise<RunOutcome> {
    const { deliveryId: id } = job
    const claim = await deliveries.claim(id, { ...marksOf(job), claimant }, clock.now())
    if (claim.kind === 'held') return { kind: 'again', afterMs: claim.afterMs }
    // Repeated for the case that a kill came between the two steps of giving up.
    if (claim.kind === 'done') return claim.state === 'failed' ? await freeResend(job) : done
    const { record } = claim
    const message = await messageOf(job).catch(async (error: unknown) => {
      await settle(id, { kind: 'postponed' }, record)
      throw error
    })
    if (message === undefined) {
      await settle(id, { kind: 'dropped' }, record)
      metrics.countSms('dropped')
      return done
    }
    const outcome = await sms.send(message).catch(toSmsError)
    if (outcome instanceof SmsError) return await follow(job, outcome, { claimed: record, restMs: message.validitySeconds * 1000 })
    await settle(id, { kind: 'sent', ...outcome }, record)
    metrics.countSms('sent')
    log.info({ ...describe(job), ...outcome }, 'SMS sent')
    return done
  }

  async function follow (job: QueuedSms, error: SmsError, { claimed, restMs }: { claimed: DeliveryRecord, restMs: number }): Promise<RunOutcome> {
    const { failure, retryAfterMs } = error
    log.warn({ ...describe(job), err: error }, 'SMS attempt failed')
    const next = nextAttempt({ attempts: claimed.attempts, ambiguous: claimed.ambiguous, restMs, failure, retryAfterMs })
    if (next.kind !== 'wait') metrics.countSms(next.kind === 'give_up' ? 'failed' : 'retried')
    if (next.kind === 'give_up') return await giveUp(job, error, claimed)
    await settle(job.deliveryId, next.kind === 'wait' ? { kind: 'postponed' } : { kind: 'retry', ambiguous: failure === 'ambiguous' }, claimed)
    return { kind: 'again', afterMs: next.afterMs }
  }

  async function start (job: QueuedSms): Promise<RunOutcome> {
    try {
      return await attempt(job)
    } catch (error) {
      log.warn({ ...describe(job), err: error }, 'SMS waits')
      return soon
    }
  }

  fastify.decorate('smsDelivery', {
    async run (job) {
      const run = underWay.get(job.deliveryId) ?? start(job).finally(() => underWay.delete(job.deliveryId))
      underWay.set(job.deliveryId, run)
      return await run
    }
  })
  fastify.addHook('onClose', async () => { closing.abort() })
}, { name: 'sms-delivery', dependencies: ['deliveries', 'otp', 'sms', 'sms-texts', 'metrics'], fastify: '5.x' })

/** For logs: which message it is, without what is sealed in it. */
function describe (job: QueuedSms) {
  const { deliveryId } = job
  return 'notice' in job ? { deliveryId, notice: job.notice } : { deliveryId, challengeId: job.challengeId, send: job.send }
}

function marksOf (job: QueuedSms) {
  if ('notice' in job) return {}
  const { challengeId, send, country, queuedAt } = job
  return { challengeId, send, queuedAt, ...(country === undefined ? {} : { country }) }
}

/** Nobody knows what an error that nobody foresaw has sent; it may hold the number. */
function toSmsError (error: unknown): SmsError {
  if (error instanceof SmsError) return error
  return new SmsError({ failure: 'ambiguous', detail: nameOf(error) })
}
