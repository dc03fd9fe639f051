import fp from 'fastify-plugin'
import type { IssueOutcome } from '../../src/domain/auth/challenge.ts'
import { deliveryIdOf } from '../../src/domain/sms/delivery-id.ts'
import { countryOf, type E164 } from '../../src/domain/auth/phone.ts'
import { testProvider } from '../../src/domain/auth/test-numbers.ts'
import { ApiError, RateLimitedError } from '../../src/http/errors.ts'
import type { NewDelivery } from '../sms/deliveries/contract.ts'
import type { CodeAnswer, CodeRequest, CodeVerdict } from './otp.ts'
import type { SecurityEventDetails } from './security-events.ts'

export interface CodeSent {
  /** Seconds until the code is over. */
  expiresIn: number
  /** Seconds until another SMS may be asked for. */
  resendIn: number
  /** Of its SMS, in `deliveries`. */
  deliveryId: string
}

/** Who sends the request, as far as limits and logs must know. */
export interface RequestContext {
  /** The client's address, if it has one. */
  address: string | undefined
  userId?: number
}

export interface Codes {
  /**
   * Sends a code within all limits, or says that the one under way is still good.
   * @throws {ApiError} CHR_OTP_LOCKED, CHR_RATE_LIMITED
   * @throws {UnavailableError}
   */
  send (request: CodeRequest, context: RequestContext): Promise<CodeSent>
  /**
   * Takes an answer; a right one is used up.
   * @throws {ApiError} CHR_OTP_INVALID, CHR_NAME_REQUIRED, CHR_OTP_LOCKED, CHR_RATE_LIMITED
   * @throws {UnavailableError}
   */
  take (answer: CodeAnswer, context: RequestContext): Promise<Extract<CodeVerdict, { kind: 'right' }>>
  /**
   * Takes an answer where no code is under way: it counts for the address and looks like a wrong one.
   * @throws {ApiError} CHR_OTP_INVALID, CHR_RATE_LIMITED
   */
  takeNone (context: RequestContext): Promise<never>
}

declare module 'fastify' {
  interface FastifyInstance { codes: Codes }
}

/** What a request that was no mere question comes to. */
type Issued = Exclude<IssueOutcome, { kind: 'dry_run' }>

/** A challenge whose SMS is due, or under way. */
type Waiting = Extract<Issued, { challengeId: string }>

/** Offers `codes`: one-time codes with everything around them - limits, the SMS, the log of what happened. */
export default fp(async (fastify) => {
  const { otp, limits, secrets, deliveries, smsOutbox, smsMetrics, messageFeedback, securityLog, clock } = fastify

  const secondsUntil = (moment: number) => Math.max(0, Math.ceil((moment - clock.now()) / 1000))

  function refusal ({ kind, retryAt }: { kind: 'locked' | 'too_soon' | 'limited', retryAt: number }): ApiError {
    return new ApiError(kind === 'locked' ? 'CHR_OTP_LOCKED' : 'CHR_RATE_LIMITED', { retryAfterSeconds: Math.max(1, secondsUntil(retryAt)) })
  }

  /**
   * Limits are taken only for an SMS that is due: what is taken and given back would, for a moment, be missing to
   * others, and questions are unlimited.
   */
  async function issue (request: CodeRequest, { address }: RequestContext): Promise<Issued> {
    const { phone, device, fixedCode } = request
    if (fixedCode !== undefined) return await otp.request(request) as Issued
    smsOutbox.ensureRoom()
    if (limits.isOff) return await otp.request(request) as Issued
    const ask = async () => await otp.request({ ...request, dryRun: true })
    const answer = await ask()
    if (answer.kind !== 'dry_run') return answer
    const taken = await limits.acquireSend({ phone, address, usesDeviceAllowance: device !== undefined }).catch(async (error: unknown) => {
      // The same request at the same moment may have taken the last of a limit, and its SMS is good for this one too.
      const latest = error instanceof RateLimitedError ? await ask() : { kind: 'dry_run' as const }
      if (latest.kind === 'dry_run') throw error
      return latest
    })
    if ('kind' in taken) return taken
    let isSent = false
    try {
      const outcome = await otp.request(request) as Issued
      isSent = outcome.kind === 'sent'
      return outcome
    } finally {
      if (!isSent) await taken.release()
    }
  }

  /**
   * Queues the SMS that is due. A request that is repeated while it waits queues the same job again, which is taken once:
   * that heals a crash between the challenge and its job. What a carrier was asked for is not queued again. Resolves to
   * the id of the delivery.
   */
  async function ensureQueued ({ kind, challengeId, sendAttempt }: Waiting, { phone, language, channel, fixedCode }: CodeRequest): Promise<string> {
    const country = countryOf(phone)
    const deliveryId = deliveryIdOf(secrets.phoneHashKey, challengeId, sendAttempt)
    const delivery = { challengeId, send: sendAttempt, country }
    const queuedAt = clock.now()
    const job = { challengeId, send: sendAttempt, deliveryId, language, channel, country, queuedAt }
    const open = async () => await deliveries.open(deliveryId, delivery, queuedAt)
    if (fixedCode !== undefined) await pretendDelivery(deliveryId, delivery)
    else if (kind === 'sent') await Promise.all([open(), smsOutbox.enqueue(job)])
    else if (await open() === 'queued') await smsOutbox.enqueue(job)
    return deliveryId
  }

  /** No SMS carries a fixed code; who asks for its delivery is told what anyone is told. */
  async function pretendDelivery (id: string, delivery: NewDelivery): Promise<void> {
    const message = { provider: testProvider, messageId: id }
    await deliveries.open(id, delivery, clock.now())
    await deliveries.settle(id, { kind: 'sent', ...message }, clock.now())
    await deliveries.receive({ deliveryId: id, ...message, status: 'delivered' }, clock.now())
  }

  /** Passes an error on; a limit that refused is logged by its name. */
  function logLimit (details: SecurityEventDetails): (error: unknown) => never {
    return (error) => {
      if (error instanceof RateLimitedError) securityLog.record('otp.refused', { ...details, reason: error.limit })
      throw error
    }
  }

  function confirm ({ challengeId, sendAttempt }: Extract<CodeVerdict, { kind: 'right' }>, phone: E164): void {
    smsMetrics.countVerified(countryOf(phone))
    messageFeedback.confirm(deliveryIdOf(secrets.phoneHashKey, challengeId, sendAttempt))
  }

  const detailsOf = ({ userId }: RequestContext): SecurityEventDetails => userId === undefined ? {} : { userId }

  fastify.decorate('codes', {
    async send (request, context) {
      const { phone, fixedCode } = request
      const details = { phone, isTest: fixedCode !== undefined, ...detailsOf(context) }
      const outcome = await issue(request, context).catch(logLimit(details))
      if ('retryAt' in outcome) {
        securityLog.record('otp.refused', { ...details, reason: outcome.kind })
        throw refusal(outcome)
      }
      const { kind, expiresAt, nextSendAt } = outcome
      const deliveryId = await ensureQueued(outcome, request)
      securityLog.record(kind === 'sent' ? 'otp.sent' : 'otp.repeated', details)
      return { expiresIn: secondsUntil(expiresAt), resendIn: secondsUntil(nextSendAt), deliveryId }
    },

    async take (answer, context) {
      const { phone, device } = answer
      const details = { phone, ...detailsOf(context) }
      if (device === undefined) await limits.acquireVerify(context.address).catch(logLimit(details))
      const verdict = await otp.verify(answer)
      switch (verdict.kind) {
        case 'right':
          securityLog.record('otp.verified', { ...details, isTest: verdict.isTest })
          if (!verdict.isTest) confirm(verdict, phone)
          return verdict
        case 'wrong':
          securityLog.record('otp.failed', details)
          throw new ApiError('CHR_OTP_INVALID')
        case 'name_required':
          securityLog.record('otp.name_required', details)
          throw new ApiError('CHR_NAME_REQUIRED')
        case 'locked':
          securityLog.record('otp.refused', { ...details, reason: 'locked' })
          throw refusal(verdict)
      }
    },

    async takeNone (context) {
      await limits.acquireVerify(context.address).catch(logLimit(detailsOf(context)))
      securityLog.record('otp.failed', detailsOf(context))
      throw new ApiError('CHR_OTP_INVALID')
    }
  })
}, { name: 'codes', dependencies: ['otp', 'limits', 'secrets', 'deliveries', 'sms-outbox', 'sms-metrics', 'message-feedback', 'security-events'], fastify: '5.x' })
