import fp from 'fastify-plugin'
import twilio from 'twilio'
import { findPublicUrl, publicUrlOf } from '../../src/config/derived.ts'
import type { Receipt } from '../../src/domain/sms/delivery.ts'

/** A request that somebody says to have signed. */
export interface SignedForm {
  signature: string | undefined
  /** With its query, as it was sent. */
  path: string
  form: Record<string, unknown>
}

export interface Receipts {
  /** Whether there is a Twilio account, or the emulator, that reports here. */
  takesTwilio: boolean
  /** Whether the form was signed with the account's auth token for this service's public address. */
  isFromTwilio (request: SignedForm): boolean
  /**
   * Notes what a carrier reports; repeats, late news and messages that nobody knows change nothing. What failed for
   * good frees the resend of its code.
   * @throws {UnavailableError} it is to be reported again
   */
  take (receipt: Receipt): Promise<void>
}

declare module 'fastify' {
  interface FastifyInstance { receipts: Receipts }
}

/** Offers `receipts`: news of carriers about the SMS that they took. */
export default fp(async (fastify) => {
  const { config, carrier, deliveries, otp, clock, log } = fastify
  const authToken = carrier?.authToken ?? config.TWILIO_API_KEY

  fastify.decorate('receipts', {
    takesTwilio: authToken !== undefined,

    isFromTwilio ({ signature, path, form }) {
      // Never from the request's own host, which whoever sends it writes.
      const url = `${findPublicUrl(config, fastify.addresses()) ?? publicUrlOf(config)}${path}`
      return authToken !== undefined && signature !== undefined && URL.canParse(url) && twilio.validateRequest(authToken, signature, url, form)
    },

    async take (receipt) {
      const { isNews, record } = await deliveries.receive(receipt, clock.now())
      const { provider, messageId, status, reason } = receipt
      if (isNews) log.info({ provider, messageId, status, reason }, 'SMS receipt')
      // Of a repeat too: the first one may have been cut off before this.
      if (status === 'failed' && record?.state === 'failed' && record.challengeId !== undefined) await otp.freeResend(record.challengeId, record.send)
    }
  })
}, { name: 'receipts', dependencies: ['carrier', 'deliveries', 'otp'], fastify: '5.x' })
