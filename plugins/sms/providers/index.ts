import fp from 'fastify-plugin'
import { Counter } from 'prom-client'
import type { SmsFailover } from './contract.ts'
import { createFailover } from './failover.ts'
import { guardProvider, type AttemptOutcome, type GuardOptions } from './guarded-provider.ts'
import { createSuspensionStore } from './suspension-store.ts'

declare module 'fastify' {
  interface FastifyInstance { sms: SmsFailover }
}

const outcomes: readonly AttemptOutcome[] = ['sent', 'busy', 'unreachable', 'ambiguous', 'recipient', 'refused', 'sender']

/**
 * Creates the providers of SMS_PROVIDERS and sends over them in that order, with failover. A provider that refuses the
 * credentials makes `/health/ready` say `degraded`, here and on every instance with the same Redis. Close ends their
 * connections.
 */
export default fp(async (fastify) => {
  const { config, clock, log, health, metrics, redis } = fastify
  const attempts = new Counter({
    name: 'cheershare_sms_attempts_total',
    help: 'Calls to SMS providers by provider and outcome',
    labelNames: ['provider', 'outcome'] as const,
    registers: [metrics.registry]
  })
  const store = createSuspensionStore(redis)
  const options: GuardOptions = { store, now: clock.now, log, count: (provider, outcome) => attempts.inc({ provider, outcome }) }

  const providers = await Promise.all(
    config.sms.providers.map(async ({ definition, settings }) => guardProvider(await definition.create(fastify, settings), options))
  )
  for (const provider of providers) {
    const { name } = provider
    for (const outcome of outcomes) attempts.inc({ provider: name, outcome }, 0)
    health.add(`sms:${name}`, async () => provider.isSuspended || await store.has(name) ? 'degraded' : 'up')
    fastify.addHook('onClose', provider.close)
  }
  fastify.decorate('sms', createFailover(providers))
}, { name: 'sms', dependencies: ['carrier', 'health', 'metrics', 'redis'], fastify: '5.x' })
