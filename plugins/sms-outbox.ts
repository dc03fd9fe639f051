import { setTimeout as sleep } from 'node:timers/promises'
import { promise as createQueue } from 'fastq'
import fp from 'fastify-plugin'
import { UnavailableError } from '../src/errors.ts'
import { nextAttempt } from '../src/domain/backoff.ts'
import type { Channel } from '../src/domain/sms-channels.ts'
import type { Notice } from '../src/domain/sms-templates.ts'
import type { SealedPhone } from './otp.ts'
import { SmsError, type OutgoingMessage } from './sms/contract.ts'

/** Holds no code, number or name in the clear: those are made from the challenge, or unsealed, when it is sent. */
export type SmsJob = CodeJob | NoticeJob

export interface NoticeJob extends SealedPhone {
  notice: Notice
  /** The account's last known one. */
  language?: string | undefined
}

export interface CodeJob {
  challengeId: string
  /** Which of the challenge's SMS this is, from 1. */
  send: number
  /** English where it is not said. */
  language?: string | undefined
  /** `sms` unless something else is said. */
  channel?: Channel | undefined
}

export interface SmsOutbox {
  /**
   * Asked before a challenge starts, so that nobody waits for an SMS that could not be queued.
   * @throws {UnavailableError} when too many jobs wait already
   */
  ensureRoom (): void
  /**
   * Takes the job; sending goes on in the background.
   * @throws {UnavailableError} when too many jobs wait already
   */
  enqueue (job: SmsJob): Promise<void>
}

declare module 'fastify' {
  interface FastifyInstance { smsOutbox: SmsOutbox }
}

/** At half a second a call this is 100 SMS a second, more than most senders carry. */
const concurrency = 50
/** News that are older than this help nobody. */
const noticeValiditySeconds = 3600
/** Beyond this a code would be over before its turn comes; memory must not grow with a carrier that hangs. */
const maximumWaiting = 10_000

/**
 * Offers `smsOutbox`, in this process. Close takes no more jobs and awaits those under way for
 * SHUTDOWN_SMS_SECONDS; what is then still unsent is counted and logged.
 */
export default fp(async (fastify) => {
  const { otp, sms, smsTexts, clock, config, metrics, log } = fastify
  let isClosing = false
  /** Waiting or under way; the queue would count itself anew each time. */
  let outstanding = 0

  /** Nothing once the code is used or over. */
  async function messageOf (job: SmsJob): Promise<OutgoingMessage | undefined> {
    if ('notice' in job) {
      const to = otp.openPhone(job.notice, job)
      if (to === undefined) return undefined
      const text = smsTexts.notice(job.notice, { phone: to, language: job.language })
      return { id: idOf(job), to, channel: 'sms', text, code: undefined, language: job.language ?? 'en', validitySeconds: noticeValiditySeconds }
    }
    const code = await otp.open(job.challengeId)
    if (code === undefined) return undefined
    const validitySeconds = (code.expiresAt - clock.now()) / 1000
    const text = smsTexts.code({ ...code, language: job.language, lifeSeconds: validitySeconds })
    return { id: idOf(job), to: code.phone, channel: job.channel ?? 'sms', text, code: code.code, language: job.language ?? 'en', validitySeconds }
  }

  /** What one attempt failed by, or `undefined` when the job is done. */
  async function attempt (job: SmsJob): Promise<SmsError | undefined> {
    try {
      const message = await messageOf(job)
      if (message === undefined) {
        metrics.countSms('dropped')
        return undefined
      }
      const { provider, messageId } = await sms.send(message)
      metrics.countSms('sent')
      log.info({ ...describe(job), provider, messageId }, 'SMS sent')
      return undefined
    } catch (error) {
      log.warn({ ...describe(job), err: error }, 'SMS attempt failed')
      return error instanceof SmsError ? error : new SmsError({ failure: 'unreachable', detail: 'it was not asked' })
    }
  }

  async function deliver (job: SmsJob, attempts = 1, ambiguous = 0): Promise<void> {
    const error = await attempt(job)
    if (error === undefined) return
    const { failure, retryAfterMs } = error
    const next = nextAttempt({ attempts, ambiguous, failure, retryAfterMs })
    metrics.countSms(next.kind === 'give_up' ? 'failed' : 'retried')
    if (next.kind === 'give_up') return log.error({ ...describe(job), failure, attempts }, 'SMS given up')
    await clock.sleep(next.afterMs)
    await deliver(job, next.kind === 'wait' ? attempts : attempts + 1, failure === 'ambiguous' ? ambiguous + 1 : ambiguous)
  }

  const queue = createQueue<unknown, SmsJob, void>(deliver, concurrency)

  function ensureRoom (): void {
    if (isClosing || outstanding - queue.running() >= maximumWaiting) throw new UnavailableError('sms-outbox')
  }

  fastify.decorate('smsOutbox', {
    ensureRoom,
    async enqueue (job) {
      if (isClosing) throw new UnavailableError('sms-outbox')
      outstanding += 1
      queue.push(job).catch((error: unknown) => log.error({ ...describe(job), err: error }, 'SMS job failed')).finally(() => { outstanding -= 1 })
    }
  })

  fastify.addHook('onClose', async () => {
    isClosing = true
    log.info({ outstanding }, 'completing background tasks')
    const deadline = new AbortController()
    const isOver = sleep(config.SHUTDOWN_SMS_SECONDS * 1000, undefined, { signal: deadline.signal }).catch(() => {})
    await Promise.race([queue.drained(), isOver])
    deadline.abort()
    for (let left = outstanding; left > 0; left--) metrics.countSms('abandoned')
    if (outstanding > 0) log.error({ abandoned: outstanding }, 'SMS left unsent')
  })
}, { name: 'sms-outbox', dependencies: ['otp', 'sms', 'sms-texts', 'metrics'], fastify: '5.x' })

/** The same for all attempts. */
function idOf (job: SmsJob): string {
  return 'notice' in job ? `${job.notice}-${job.sealed.slice(0, 22)}` : `${job.challengeId}-${job.send}`
}

/** For logs: which message it is, without what is sealed in it. */
function describe (job: SmsJob) {
  return 'notice' in job ? { notice: job.notice } : job
}
