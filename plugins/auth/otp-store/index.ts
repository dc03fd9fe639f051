import fp from 'fastify-plugin'
import type { OtpStore } from './contract.ts'
import { createMemoryOtpStore, type MemoryOtpStore } from './memory.ts'
import { createRedisOtpStore } from './redis.ts'

export type { OtpStore } from './contract.ts'

declare module 'fastify' {
  interface FastifyInstance { otpStore: OtpStore }
}

/** Interval at which the memory store removes expired records. */
const sweepIntervalMs = 60_000

/** Adds `otpStore`, in Redis if REDIS_URL is set and in this process if not. Close stops the timer of the memory store. */
export default fp(async (fastify) => {
  if (fastify.redis !== undefined) {
    fastify.decorate('otpStore', createRedisOtpStore(fastify.redis))
    return
  }
  const store: MemoryOtpStore = createMemoryOtpStore()
  const timer = setInterval(() => store.sweep(fastify.ruleClock.now()), sweepIntervalMs).unref()
  fastify.addHook('onClose', async () => { clearInterval(timer) })
  fastify.decorate('otpStore', store)
}, { name: 'otp-store', dependencies: ['redis'], fastify: '5.x' })
