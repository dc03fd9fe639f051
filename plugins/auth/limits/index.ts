import fp from 'fastify-plugin'
import type { Limits } from './contract.ts'
import { createLimits } from './limits.ts'
import { createMemoryCounters } from './memory.ts'
import { createRedisCounters } from './redis.ts'
import { createTaker } from './reservation.ts'

export type { Limits, SendRequest, TakenSend } from './contract.ts'

declare module 'fastify' {
  interface FastifyInstance { limits: Limits }
}

/** Offers `limits`: counted in Redis where there is one, else in this process. Close waits for what is being given back. */
export default fp(async (fastify) => {
  const { config, secrets, redis } = fastify
  const store = redis === undefined ? createMemoryCounters() : createRedisCounters(redis)
  const taker = createTaker()
  fastify.decorate('limits', createLimits(config, secrets, store, taker))
  fastify.addHook('onClose', async () => { await taker.settled() })
}, { name: 'limits', dependencies: ['redis', 'secrets'], fastify: '5.x' })
