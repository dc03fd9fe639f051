import fp from 'fastify-plugin'
import type { DeliveryRecord, Receipt } from '../../src/domain/sms/delivery.ts'
import { deliveryIdOf } from '../../src/domain/sms/delivery-id.ts'
import { fallbackIdOf, fallsBack } from '../../src/domain/sms/fallback.ts'
import type { ReceiptSource } from './providers/definition.ts'

export interface Receipts {
  /** Readers of status callbacks by provider, for all providers with credentials, even those that SMS_PROVIDERS does not name. */
  readonly sources: ReadonlyMap<string, ReceiptSource>
  /**
   * Records a receipt, and counts and follows its error code. Repeated and late receipts, and those of unknown messages, change
   * nothing. A final failure ends the resend cooldown of its code, or is followed by an SMS if WhatsApp did not deliver the code.
   * @throws {UnavailableError} if Redis does not reply; the provider must report again
   */
  record (receipt: Receipt): Promise<void>
}

declare module 'fastify' {
  interface FastifyInstance { receipts: Receipts }
}

/** Records what providers report about the messages that they accepted. */
export default fp(async (fastify) => {
  const { config, carrierFaults, deliveries, otp, secrets, smsOutbox, ruleClock: clock, log } = fastify
  const sources = new Map<string, ReceiptSource>()
  for (const { definition, settings } of config.sms.knownProviders) {
    const source = await definition.createReceiptSource?.(fastify, settings)
    if (source !== undefined) sources.set(definition.name, source)
  }

  /** Queues the SMS that follows a WhatsApp message. The language is that of the challenge. */
  async function sendFallback ({ send, country }: DeliveryRecord, challengeId: string): Promise<void> {
    const deliveryId = fallbackIdOf(deliveryIdOf(secrets.phoneHashKey, challengeId, send))
    await smsOutbox.enqueueAgain({ challengeId, send, deliveryId, country })
  }

  fastify.decorate('receipts', {
    sources,
    async record (receipt) {
      const { isNews, record } = await deliveries.receive(receipt, clock.now())
      const { provider, messageId, status, reason, carrierCode, isSenderFault = false } = receipt
      if (isNews) {
        log.info({ provider, messageId, status, reason, carrierCode }, 'SMS receipt')
        if (carrierCode !== undefined) await carrierFaults.record({ provider, carrierCode, isSenderFault })
      }
      // Repeated for a repeated receipt: the process may have been killed before this step the first time.
      if (status === 'failed' && record?.state === 'failed' && record.challengeId !== undefined) {
        if (fallsBack(record)) await sendFallback(record, record.challengeId)
        else await otp.freeResend(record.challengeId, record.send)
      }
    }
  })
}, { name: 'receipts', dependencies: ['carrier', 'deliveries', 'otp', 'secrets', 'sms', 'sms-outbox'], fastify: '5.x' })
