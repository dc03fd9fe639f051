import fp from 'fastify-plugin'
import type { DeliveryStore } from './contract.ts'
import { createMemoryDeliveryStore } from './memory.ts'
import { createRedisDeliveryStore } from './redis.ts'

export type { DeliveryStore } from './contract.ts'

declare module 'fastify' {
  interface FastifyInstance { deliveries: DeliveryStore }
}

const removalIntervalMs = 60_000

/** Stores deliveries in Redis if configured, else in this process, and counts their milestones. */
export default fp(async (fastify) => {
  const { redis, ruleClock: clock, smsMetrics } = fastify
  if (redis !== undefined) {
    fastify.decorate('deliveries', createRedisDeliveryStore(redis, smsMetrics.countDelivery))
    return
  }
  const store = createMemoryDeliveryStore(smsMetrics.countDelivery)
  const timer = setInterval(() => store.removeExpired(clock.now()), removalIntervalMs).unref()
  fastify.addHook('onClose', async () => { clearInterval(timer) })
  fastify.decorate('deliveries', store)
}, { name: 'deliveries', dependencies: ['redis', 'sms-metrics'], fastify: '5.x' })
