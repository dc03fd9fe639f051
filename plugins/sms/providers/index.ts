import fp from 'fastify-plugin'
import { Counter } from 'prom-client'
import { smsProvidersOf } from '../../../src/config/sms-providers.ts'
import type { SmsSender } from './contract.ts'
import { createRoad, type AttemptOutcome, type RoadOptions } from './guarded-provider.ts'
import { createSender } from './failover.ts'
import { createStopBoard } from './suspension-store.ts'

declare module 'fastify' {
  interface FastifyInstance { sms: SmsSender }
}

const outcomes: readonly AttemptOutcome[] = ['sent', 'busy', 'unreachable', 'ambiguous', 'recipient', 'refused', 'sender']

/**
 * Offers `sms`: the providers of SMS_PROVIDERS in their order, each behind a circuit breaker and stopped while it
 * refuses our credentials. A stopped one makes `/health/ready` degraded, here and on every instance with the same Redis.
 */
export default fp(async (fastify) => {
  const { config, clock, log, health, metrics, redis } = fastify
  const attempts = new Counter({
    name: 'cheershare_sms_attempts_total', help: 'Calls to SMS providers by provider and outcome', labelNames: ['provider', 'outcome'] as const, registers: [metrics.registry]
  })
  const board = createStopBoard(redis)
  const options: RoadOptions = { board, now: clock.now, log, count: (provider, outcome) => attempts.inc({ provider, outcome }) }

  const roads = await Promise.all(smsProvidersOf(config).map(async (definition) => createRoad(await definition.create(fastify, config), options)))
  for (const road of roads) {
    for (const outcome of outcomes) attempts.inc({ provider: road.name, outcome }, 0)
    health.add(`sms:${road.name}`, async () => road.isStopped || await board.has(road.name) ? 'degraded' : 'up')
    fastify.addHook('onClose', async () => { await road.close() })
  }
  fastify.decorate('sms', createSender(roads))
}, { name: 'sms', dependencies: ['carrier', 'health', 'metrics', 'redis'], fastify: '5.x' })
