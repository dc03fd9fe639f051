import fp from 'fastify-plugin'
import type { Limits } from './contract.ts'
import { createLimits } from './limits.ts'
import { createMemoryCounters } from './memory.ts'
import { createRedisCounters } from './redis.ts'
import { createReservations } from './reservation.ts'

export type { Limits, SendRequest, LimitReservation } from './contract.ts'

declare module 'fastify' {
  interface FastifyInstance { limits: Limits }
}

/** Applies the rate limits, counted in Redis if REDIS_URL is set and in this process if not. Close waits for releases in flight. */
export default fp(async (fastify) => {
  const { config, secrets, redis } = fastify
  const store = redis === undefined ? createMemoryCounters() : createRedisCounters(redis)
  const reservations = createReservations()
  fastify.decorate('limits', createLimits({ maxima: config.limits, secrets, store, reservations }))
  fastify.addHook('onClose', async () => { await reservations.idle() })
}, { name: 'limits', dependencies: ['redis', 'secrets'], fastify: '5.x' })
