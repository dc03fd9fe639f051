import fp from 'fastify-plugin'
import type { IssueOutcome } from '../src/domain/challenge.ts'
import { ApiError, RateLimitedError } from '../src/errors.ts'
import type { CodeAnswer, CodeRequest, CodeVerdict } from './otp.ts'

export interface CodeSent {
  /** Seconds until the code is over. */
  expiresIn: number
  /** Seconds until another SMS may be asked for. */
  resendIn: number
  challengeId: string
}

/** Who sends the request, as far as limits and logs must know. */
export interface Asking {
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
  send (request: CodeRequest, asking: Asking): Promise<CodeSent>
  /**
   * Takes an answer; a right one is used up.
   * @throws {ApiError} CHR_OTP_INVALID, CHR_NAME_REQUIRED, CHR_OTP_LOCKED, CHR_RATE_LIMITED
   * @throws {UnavailableError}
   */
  take (answer: CodeAnswer, asking: Asking): Promise<Extract<CodeVerdict, { kind: 'right' }>>
}

declare module 'fastify' {
  interface FastifyInstance { codes: Codes }
}

/** Offers `codes`: one-time codes with everything around them - limits, the SMS, the log of what happened. */
export default fp(async (fastify) => {
  const { otp, limits, smsOutbox, securityLog, clock } = fastify

  const secondsUntil = (moment: number) => Math.max(0, Math.ceil((moment - clock.now()) / 1000))

  function refusal ({ kind, retryAt }: { kind: 'locked' | 'too_soon' | 'limited', retryAt: number }): ApiError {
    return new ApiError(kind === 'locked' ? 'CHR_OTP_LOCKED' : 'CHR_RATE_LIMITED', { retryAfterSeconds: Math.max(1, secondsUntil(retryAt)) })
  }

  /** What has been counted for an SMS that does not go out is given back. */
  async function issue (request: CodeRequest, { address }: Asking): Promise<IssueOutcome> {
    const { phone, device, fixedCode } = request
    if (fixedCode !== undefined) return await otp.request(request)
    smsOutbox.ensureRoom()
    const taken = await limits.takeSend({ phone, address, isReserve: device !== undefined }).catch(async (error: unknown) => {
      if (!(error instanceof RateLimitedError)) throw error
      // Asking again is no error, whatever the limits, as long as the last SMS is good.
      const outcome = await otp.request({ ...request, isSendBlocked: true })
      if (outcome.kind === 'limited') throw error
      return outcome
    })
    if ('kind' in taken) return taken
    let isSent = false
    try {
      const outcome = await otp.request(request)
      isSent = outcome.kind === 'sent'
      return outcome
    } finally {
      if (!isSent) await taken.giveBack()
    }
  }

  fastify.decorate('codes', {
    async send (request, asking) {
      const { phone, language, fixedCode } = request
      const details = { phone, isTest: fixedCode !== undefined, ...(asking.userId === undefined ? {} : { userId: asking.userId }) }
      const outcome = await issue(request, asking).catch((error: unknown) => {
        if (error instanceof RateLimitedError) securityLog.record('otp.refused', { ...details, reason: error.limit })
        throw error
      })
      if ('retryAt' in outcome) {
        securityLog.record('otp.refused', { ...details, reason: outcome.kind })
        throw refusal(outcome)
      }
      const { kind, challengeId, send, expiresAt, nextSendAt } = outcome
      if (kind === 'sent' && fixedCode === undefined) await smsOutbox.enqueue({ challengeId, send, language })
      securityLog.record(kind === 'sent' ? 'otp.sent' : 'otp.repeated', details)
      return { expiresIn: secondsUntil(expiresAt), resendIn: secondsUntil(nextSendAt), challengeId }
    },

    async take (answer, { address, userId }) {
      const { phone, device } = answer
      const details = { phone, ...(userId === undefined ? {} : { userId }) }
      if (device === undefined) {
        await limits.takeVerify(address).catch((error: unknown) => {
          if (error instanceof RateLimitedError) securityLog.record('otp.refused', { ...details, reason: error.limit })
          throw error
        })
      }
      const verdict = await otp.verify(answer)
      switch (verdict.kind) {
        case 'right':
          securityLog.record('otp.verified', { ...details, isTest: verdict.isTest })
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
    }
  })
}, { name: 'codes', dependencies: ['otp', 'limits', 'sms-outbox', 'security-events'], fastify: '5.x' })
