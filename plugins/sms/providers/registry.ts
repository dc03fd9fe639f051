import type { FastifyInstance } from 'fastify'
import { findPublicUrl, type SmsProviderName } from '../../../src/config/derived.ts'
import type { SmsProvider } from './contract.ts'
import { createTwilioProvider } from './twilio/index.ts'
import { createWebhookProvider } from './webhook.ts'

/** How each provider that SMS_PROVIDERS may name is made: one line, and one file, a provider. */
export const providers: Record<SmsProviderName, (fastify: FastifyInstance) => SmsProvider> = {
  twilio (fastify) {
    let publicUrl: string | undefined
    // Known for good once the service listens; asking where costs the system a call for each SMS.
    function findKnown (): string | undefined {
      publicUrl ??= findPublicUrl(fastify.config, fastify.addresses())
      return publicUrl
    }
    return createTwilioProvider({ ...partsOf(fastify), carrier: fastify.carrier, findPublicUrl: findKnown })
  },
  webhook: (fastify) => createWebhookProvider(partsOf(fastify))
}

function partsOf ({ config, clock }: FastifyInstance) {
  return { config, now: clock.now }
}
