import fp from 'fastify-plugin'
import { findLatest } from '../../src/domain/sms/fallback.ts'
import type { FeedbackReporter } from './providers/definition.ts'

export interface MessageFeedback {
  /** Reports in the background that the code of this delivery was used. A failed report is not retried. */
  confirm (deliveryId: string): void
}

declare module 'fastify' {
  interface FastifyInstance { messageFeedback: MessageFeedback }
}

/**
 * Reports used codes to the providers whose settings ask for feedback. Needs the stored deliveries, which name the
 * provider of a message and its id there. Close awaits the reports in flight.
 */
export default fp(async (fastify) => {
  const { config, deliveries, log } = fastify
  const reporters = new Map<string, FeedbackReporter>()
  for (const { definition, settings } of config.sms.knownProviders) {
    const reporter = definition.createFeedback?.(fastify, settings)
    if (reporter !== undefined) reporters.set(definition.name, reporter)
  }
  const inFlight = new Set<Promise<void>>()

  async function report (deliveryId: string): Promise<void> {
    const { provider = '', messageId } = await findLatest(deliveries.find, deliveryId) ?? {}
    const reporter = reporters.get(provider)
    if (reporter === undefined || messageId === undefined) return
    log.debug({ messageId, status: await reporter(messageId) }, 'message feedback reported')
  }

  fastify.decorate('messageFeedback', {
    confirm (deliveryId) {
      if (reporters.size === 0) return
      const job = report(deliveryId)
        .catch((error: unknown) => log.debug({ err: error }, 'message feedback failed'))
        .finally(() => inFlight.delete(job))
      inFlight.add(job)
    }
  })
  fastify.addHook('onClose', async () => { await Promise.all(inFlight) })
}, { name: 'message-feedback', dependencies: ['carrier', 'deliveries'], fastify: '5.x' })
