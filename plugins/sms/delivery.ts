import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import fp from 'fastify-plugin'
import { parseChallengeId } from '../../src/domain/auth/otp.ts'
import { countryOf } from '../../src/domain/auth/phone.ts'
import { nextAttempt } from '../../src/domain/sms/backoff.ts'
import type { Claimant, DeliveryRecord } from '../../src/domain/sms/delivery.ts'
import { fallbackIdOf, fallsBack } from '../../src/domain/sms/fallback.ts'
import { SmsError } from '../../src/domain/sms/sms-error.ts'
import { getErrorName } from '../../src/http/errors.ts'
import type { DeliveryResult } from './deliveries/contract.ts'
import type { OutgoingMessage } from './providers/contract.ts'
import type { CodeJob, QueuedSms, RunOutcome } from './outbox/contract.ts'

export interface SmsDelivery {
  /** Runs a job once: at most one attempt. Never rejects. A second run of a job in flight joins the first. */
  run (job: QueuedSms): Promise<RunOutcome>
}

declare module 'fastify' {
  interface FastifyInstance { smsDelivery: SmsDelivery }
}

/** A notice that is older is dropped. */
const noticeValiditySeconds = 3600
/** Pause after a failure that no carrier caused, such as an unreachable Redis. */
const infrastructureRetryMs = 1000
/** Short, so that the result is stored before another process may claim the job. */
const storeRetryMs = 200

const done: RunOutcome = { kind: 'done' }
const soon: RunOutcome = { kind: 'again', afterMs: infrastructureRetryMs }

/**
 * Sends the SMS of a job. Each attempt is marked in `deliveries` before and after the carrier call, so that the process
 * that runs the job next knows its state; `src/domain/sms/backoff.ts` decides about retries. Close ends the retries of
 * storing a result.
 */
export default fp(async (fastify) => {
  const { deliveries, otp, sms, smsTexts, ruleClock: clock, metrics, log } = fastify
  const claimant = randomUUID()
  const inFlight = new Map<string, Promise<RunOutcome>>()
  const closing = new AbortController()

  /** Returns `undefined` if the code is used or expired. */
  async function createMessage (job: QueuedSms): Promise<OutgoingMessage | undefined> {
    const { deliveryId: id } = job
    if ('notice' in job) {
      const { language = 'en' } = job
      const to = otp.openPhone(job.notice, job)
      if (to === undefined) return undefined
      const text = smsTexts.notice(job.notice, { phone: to, language })
      return {
        id, to, channel: 'sms', text, code: undefined, language, country: countryOf(to), purpose: job.notice, validitySeconds: noticeValiditySeconds
      }
    }
    const opened = await otp.open(job.challengeId)
    if (opened === undefined) return undefined
    const { phone, code, expiresAt } = opened
    const { language = opened.language ?? 'en', country = countryOf(phone), appHash } = job
    const validitySeconds = (expiresAt - clock.now()) / 1000
    const text = smsTexts.code({ phone, country, code, language, lifeSeconds: validitySeconds, appHash })
    const purpose = parseChallengeId(job.challengeId).purpose === 'login' ? 'login' : 'phone_change'
    return { id, to: phone, channel: job.channel ?? 'sms', text, code, appHash, language, country, purpose, validitySeconds }
  }

  /** Retries until the write succeeds: otherwise the next run would send the SMS again. */
  async function persist (write: () => Promise<void>): Promise<void> {
    for (;;) {
      try {
        return await write()
      } catch (error) {
        if (closing.signal.aborted) throw error
        await sleep(storeRetryMs, undefined, { signal: closing.signal }).catch(() => {})
      }
    }
  }

  async function complete (id: string, result: DeliveryResult, claimed: DeliveryRecord): Promise<void> {
    const now = clock.now()
    await persist(async () => { await deliveries.complete(id, result, now, claimed) })
  }

  /** Continues after a final failure: sends an SMS if WhatsApp did not deliver the code, or else ends the resend cooldown. */
  async function continueAfterFailure (job: QueuedSms): Promise<RunOutcome> {
    if ('notice' in job) return done
    const record = job.channel === 'whatsapp' ? await deliveries.find(job.deliveryId) : undefined
    if (record !== undefined && fallsBack(record)) return await run(toFallback(job))
    await persist(async () => { await otp.freeResend(job.challengeId, job.send) })
    return done
  }

  async function giveUp (job: QueuedSms, { reason, provider }: SmsError, claimed: DeliveryRecord): Promise<RunOutcome> {
    // A warning and not an error: a mistyped number causes this. Failures of all messages are reported by their provider.
    log.warn({ ...describe(job), reason }, 'SMS given up')
    await complete(job.deliveryId, { kind: 'failed', reason, ...(provider === undefined ? {} : { provider }) }, claimed)
    return await continueAfterFailure(job)
  }

  async function attempt (job: QueuedSms): Promise<RunOutcome> {
    const { deliveryId: id } = job
    // Redis receives both in one write. A message that is not sent now is dropped.
    const [claim, [created]] = await Promise.all([
      deliveries.claim(id, { ...toDelivery(job), claimant }, clock.now()), Promise.allSettled([createMessage(job)])
    ])
    if (claim.kind === 'held') return { kind: 'again', afterMs: claim.afterMs }
    // Repeated, because a kill may have come between the two steps of giving up.
    if (claim.kind === 'done') return claim.state === 'failed' ? await continueAfterFailure(job) : done
    const { record } = claim
    if (created.status === 'rejected') {
      await complete(id, { kind: 'postponed' }, record)
      throw created.reason
    }
    const message = created.value
    if (message === undefined) {
      await complete(id, { kind: 'dropped' }, record)
      metrics.countSms('dropped')
      return done
    }
    const outcome = await sms.send(message).catch(toSmsError)
    if (outcome instanceof SmsError) return await follow(job, outcome, { claimed: record, remainingMs: message.validitySeconds * 1000 })
    await complete(id, { kind: 'sent', ...outcome }, record)
    metrics.countSms('sent')
    log.info({ ...describe(job), ...outcome }, 'SMS sent')
    return done
  }

  async function follow (
    job: QueuedSms, error: SmsError, { claimed, remainingMs }: { claimed: DeliveryRecord, remainingMs: number }
  ): Promise<RunOutcome> {
    const { failure, retryAfterMs } = error
    log.warn({ ...describe(job), err: error }, 'SMS attempt failed')
    const next = nextAttempt({ attempts: claimed.attempts, ambiguous: claimed.ambiguous, remainingMs, failure, retryAfterMs })
    if (next.kind !== 'wait') metrics.countSms(next.kind === 'give_up' ? 'failed' : 'retried')
    if (next.kind === 'give_up') return await giveUp(job, error, claimed)
    const retryAt = clock.now() + next.afterMs
    const result: DeliveryResult = next.kind === 'wait'
      ? { kind: 'postponed', retryAt }
      : { kind: 'retry', ambiguous: failure === 'ambiguous', retryAt }
    await complete(job.deliveryId, result, claimed)
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

  async function run (job: QueuedSms): Promise<RunOutcome> {
    const current = inFlight.get(job.deliveryId) ?? start(job).finally(() => inFlight.delete(job.deliveryId))
    inFlight.set(job.deliveryId, current)
    return await current
  }

  fastify.decorate('smsDelivery', { run })
  fastify.addHook('onClose', async () => { closing.abort() })
}, { name: 'sms-delivery', dependencies: ['deliveries', 'otp', 'sms', 'sms-texts', 'metrics'], fastify: '5.x' })

/** Identifies the message in logs, without sealed data. */
function describe (job: QueuedSms) {
  const { deliveryId } = job
  return 'notice' in job ? { deliveryId, notice: job.notice } : { deliveryId, challengeId: job.challengeId, send: job.send }
}

function toDelivery (job: QueuedSms): Omit<Claimant, 'claimant'> {
  if ('notice' in job) return {}
  const { challengeId, send, country, queuedAt, channel, isOnlyChannel } = job
  const requested = channel === 'whatsapp' && isOnlyChannel === true ? 'whatsapp_only' : channel
  return {
    challengeId, send, queuedAt, ...(country === undefined ? {} : { country }), ...(requested === undefined || requested === 'sms' ? {} : { channel: requested })
  }
}

/** Returns the job of the SMS that follows a WhatsApp message. Nothing has opened its delivery yet. */
function toFallback (job: CodeJob): CodeJob {
  return { ...job, deliveryId: fallbackIdOf(job.deliveryId), channel: 'sms', queuedAt: undefined }
}

/** After an unforeseen error the SMS may have been sent. The text of the error is dropped, since it may contain the number. */
function toSmsError (error: unknown): SmsError {
  if (error instanceof SmsError) return error
  return new SmsError({ failure: 'ambiguous', detail: getErrorName(error) })
}
