import fp from 'fastify-plugin'
import type { Receipt } from '../../src/domain/sms/delivery.ts'
import type { ReceiptSource } from './providers/definition.ts'

export interface Receipts {
  /** Readers of status callbacks by provider, for all providers with credentials, even those that SMS_PROVIDERS does not name. */
  readonly sources: ReadonlyMap<string, ReceiptSource>
  /**
   * Records a receipt, and counts and follows its error code. Repeated and late receipts, and those of unknown messages, change nothing. A final failure ends
   * the resend cooldown of its code.
   * @throws {UnavailableError} if Redis does not reply; the provider must report again
   */
  record (receipt: Receipt): Promise<void>
}

declare module 'fastify' {
  interface FastifyInstance { receipts: Receipts }
}

/** Records what providers report about the messages that they accepted. */
export default fp(async (fastify) => {
  const { config, carrierFaults, deliveries, otp, clock, log } = fastify
  const sources = new Map<string, ReceiptSource>()
  for (const { definition, settings } of config.sms.knownProviders) {
    const source = await definition.createReceiptSource?.(fastify, settings)
    if (source !== undefined) sources.set(definition.name, source)
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
        await otp.freeResend(record.challengeId, record.send)
      }
    }
  })
}, { name: 'receipts', dependencies: ['carrier', 'deliveries', 'otp', 'sms'], fastify: '5.x' })
