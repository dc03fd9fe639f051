import fp from 'fastify-plugin'
import { cooldownAfter, type Refusal } from '../../src/domain/auth/challenge.ts'
import { deliveryIdOf } from '../../src/domain/sms/delivery-id.ts'
import { countryOf, type E164 } from '../../src/domain/auth/phone.ts'
import { testProvider } from '../../src/domain/auth/test-numbers.ts'
import { ApiError, describeWait, RateLimitedError, type ErrorCode } from '../../src/http/errors.ts'
import { toChannel, type DeliveryRecord } from '../../src/domain/sms/delivery.ts'
import { findLatest } from '../../src/domain/sms/fallback.ts'
import type { NewDelivery } from '../sms/deliveries/contract.ts'
import type { CodeJob } from '../sms/outbox/contract.ts'
import type { CodeAnswer, CodeRequest, Issued, VerifiedCode } from './otp.ts'
import type { SecurityEvent, SecurityEventDetails } from './security-events.ts'

export interface CodeSent {
  /** Seconds until the code expires. */
  expiresIn: number
  /** Seconds until another SMS may be requested. */
  resendIn: number
  /** Id of the delivery of the SMS, in `deliveries`. */
  deliveryId: string
}

/** The client that makes a request, as limits and logs need it. */
export interface RequestContext {
  /** Address of the client, if it is known. */
  address: string | undefined
  userId?: number
}

/** Why a right code cannot be used yet, as a security event and an error. */
export interface Objection {
  event: SecurityEvent
  code: ErrorCode
  /** Replaces the sentence of the catalogue. */
  message?: string
}

export interface Answer extends CodeAnswer {
  /** The result of a right code that is kept because it cannot register. After five such answers the next one ends the code. */
  objection: Objection
}

export interface Codes {
  /**
   * Sends a code within all limits, or reports that the last one is still valid.
   * @throws {ApiError} CHR_OTP_LOCKED, CHR_RATE_LIMITED
   * @throws {UnavailableError}
   */
  send (request: CodeRequest, context: RequestContext): Promise<CodeSent>
  /**
   * Verifies an answer; a right one uses the code up.
   * @throws {ApiError} CHR_OTP_INVALID, CHR_OTP_USED, CHR_OTP_LOCKED, CHR_RATE_LIMITED, and the error of the objection
   * @throws {UnavailableError}
   */
  verify (answer: Answer, context: RequestContext): Promise<VerifiedCode>
  /** Finds the delivery of a code, or the SMS that follows it. */
  findDelivery (id: string): Promise<DeliveryRecord | undefined>
  /**
   * Returns how many milliseconds after now another SMS may be requested, 0 or less for at once: the cooldown of this SMS, which ends
   * when the SMS has failed. It depends on nothing that happened to the number later, because whoever requested an SMS to the number
   * of somebody else would learn when its owner requests or uses a code.
   */
  resendIn (delivery: DeliveryRecord): number
}

declare module 'fastify' {
  interface FastifyInstance { codes: Codes }
}

/** Names of the limits of a number, which the OTP store applies. */
const limitNames = { too_soon: 'resend_cooldown', limited: 'sends_per_phone' } as const

/** A challenge with an SMS that is due or in flight. */
type PendingSms = Extract<Issued, { challengeId: string }>

const dependencies = ['otp', 'limits', 'secrets', 'deliveries', 'sms-outbox', 'sms-metrics', 'message-feedback', 'security-events']

const toDetails = ({ userId }: RequestContext): SecurityEventDetails => userId === undefined ? {} : { userId }

/** Sends and verifies one-time codes within the limits, queues their SMS and records security events. */
export default fp(async (fastify) => {
  const { otp, limits, secrets, deliveries, smsOutbox, smsMetrics, messageFeedback, securityLog, ruleClock: clock, config } = fastify

  const secondsUntil = (moment: number) => Math.max(0, Math.ceil((moment - clock.now()) / 1000))

  function toError ({ kind, retryAt }: Refusal): ApiError {
    const seconds = Math.max(1, secondsUntil(retryAt))
    if (kind !== 'locked') return new RateLimitedError(limitNames[kind], seconds)
    return new ApiError('CHR_OTP_LOCKED', {
      retryAfterSeconds: seconds, message: `Too many wrong codes. Try again in ${describeWait(seconds)}.`
    })
  }

  /**
   * Acquires the limits only for an SMS that will be sent: to acquire and release them would briefly block others. A dry
   * run, which no limit applies to, tells whether an SMS is due.
   */
  async function issue (request: CodeRequest, { address }: RequestContext): Promise<Issued> {
    const { phone, device, fixedCode } = request
    if (fixedCode !== undefined) return await otp.request(request)
    smsOutbox.assertCapacity()
    if (limits.isOff) return await otp.request(request)
    const expected = await otp.dryRun(request)
    if (expected.kind !== 'dry_run') return expected
    const limited = { phone, address, usesDeviceAllowance: device !== undefined }
    const acquired = await limits.acquireSend(limited).catch(async (error: unknown) => {
      // A concurrent request for the same number may have acquired the last of a limit; its SMS serves this request too.
      const latest = error instanceof RateLimitedError ? await otp.dryRun(request) : expected
      if (latest.kind === 'dry_run') throw error
      return latest
    })
    if ('kind' in acquired) return acquired
    let isSent = false
    try {
      const outcome = await otp.request(request)
      isSent = outcome.kind === 'sent'
      return outcome
    } finally {
      if (!isSent) await acquired.release()
    }
  }

  /**
   * Queues the SMS that is due, and resolves to the id of its delivery. While the delivery is queued, the first repeated request
   * queues the same job again, which repairs a crash between challenge and job.
   */
  async function ensureQueued (
    { kind, challengeId, sendAttempt }: PendingSms, { phone, language, channel, appHash, fixedCode }: CodeRequest
  ): Promise<string> {
    const country = countryOf(phone)
    const deliveryId = deliveryIdOf(secrets.phoneHashKey, challengeId, sendAttempt)
    const delivery = { challengeId, send: sendAttempt, country, ...(channel === undefined || channel === 'sms' ? {} : { channel }) }
    const queuedAt = clock.now()
    const isOnlyChannel = channel === 'whatsapp_only' ? true : undefined
    const job: CodeJob = {
      challengeId, send: sendAttempt, deliveryId, language, channel: channel && toChannel(channel), isOnlyChannel, appHash, country, queuedAt
    }
    const open = async () => await deliveries.open(deliveryId, delivery, queuedAt)
    if (fixedCode !== undefined) await pretendDelivery(deliveryId, delivery)
    else if (kind === 'sent') await Promise.all([open(), smsOutbox.enqueue(job)])
    else if (await open() === 'queued') await smsOutbox.enqueueAgain(job)
    return deliveryId
  }

  /** Records a delivery for a fixed code although no SMS carries it, so that clients can request its state as well. */
  async function pretendDelivery (id: string, delivery: NewDelivery): Promise<void> {
    const message = { provider: testProvider, messageId: id }
    await deliveries.open(id, delivery, clock.now())
    await deliveries.complete(id, { kind: 'sent', ...message }, clock.now())
    await deliveries.receive({ deliveryId: id, ...message, status: 'delivered' }, clock.now())
  }

  /** Logs the name of the limit that refused, and throws the error again. */
  function logLimit (details: SecurityEventDetails): (error: unknown) => never {
    return (error) => {
      if (error instanceof RateLimitedError) securityLog.record('otp.refused', { ...details, reason: error.limit })
      throw error
    }
  }

  function confirm ({ challengeId, sendAttempt }: VerifiedCode, phone: E164): void {
    smsMetrics.countVerified(countryOf(phone))
    messageFeedback.confirm(deliveryIdOf(secrets.phoneHashKey, challengeId, sendAttempt))
  }

  fastify.decorate('codes', {
    findDelivery: async (id) => await findLatest(deliveries.find, id),
    resendIn ({ state, provider, send, queuedAt }) {
      if (provider === testProvider || state === 'failed' || state === 'dropped') return 0
      return queuedAt + cooldownAfter(send - 1, { resendMs: config.auth.otpResendSeconds * 1000 }) - clock.now()
    },

    async send (request, context) {
      const { phone, fixedCode } = request
      const details = { phone, isTest: fixedCode !== undefined, ...toDetails(context) }
      const outcome = await issue(request, context).catch(logLimit(details))
      if ('retryAt' in outcome) {
        securityLog.record('otp.refused', { ...details, reason: outcome.kind })
        throw toError(outcome)
      }
      const { kind, expiresAt, nextSendAt } = outcome
      const deliveryId = await ensureQueued(outcome, request)
      securityLog.record(kind === 'sent' ? 'otp.sent' : 'otp.repeated', details)
      return { expiresIn: secondsUntil(expiresAt), resendIn: secondsUntil(nextSendAt), deliveryId }
    },

    async verify ({ objection, ...answer }, context) {
      const { phone, device } = answer
      const details = { phone, ...toDetails(context) }
      const attempt = device === undefined ? await limits.acquireVerify(context.address).catch(logLimit(details)) : undefined
      const verdict = await otp.verify(answer)
      switch (verdict.kind) {
        case 'right':
          securityLog.record('otp.verified', { ...details, isTest: verdict.isTest })
          if (!verdict.isTest) confirm(verdict, phone)
          return verdict
        case 'wrong':
          securityLog.record('otp.failed', details)
          throw new ApiError('CHR_OTP_INVALID')
        case 'used':
          await attempt?.release()
          securityLog.record('otp.used', details)
          throw new ApiError('CHR_OTP_USED')
        case 'name_required':
          securityLog.record(objection.event, details)
          throw new ApiError(objection.code, objection)
        case 'locked':
          securityLog.record('otp.refused', { ...details, reason: 'locked' })
          throw toError(verdict)
      }
    }
  })
}, { name: 'codes', dependencies, fastify: '5.x' })
