import fp from 'fastify-plugin'
import type { DeliveryStore } from './contract.ts'
import { createMemoryDeliveryStore } from './memory.ts'
import { createRedisDeliveryStore } from './redis.ts'

export type { DeliveryStore } from './contract.ts'

declare module 'fastify' {
  interface FastifyInstance { deliveries: DeliveryStore }
}

const sweepIntervalMs = 60_000

/** Offers `deliveries`, which counts each milestone: in Redis where there is one, else in this process. */
export default fp(async (fastify) => {
  const { redis, clock, smsMetrics } = fastify
  if (redis !== undefined) {
    fastify.decorate('deliveries', createRedisDeliveryStore(redis, smsMetrics.countDelivery))
    return
  }
  const store = createMemoryDeliveryStore(smsMetrics.countDelivery)
  const timer = setInterval(() => store.sweep(clock.now()), sweepIntervalMs).unref()
  fastify.addHook('onClose', async () => { clearInterval(timer) })
  fastify.decorate('deliveries', store)
}, { name: 'deliveries', dependencies: ['redis', 'sms-metrics'], fastify: '5.x' })
