import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { SmsOutbox } from './contract.ts'
import { addQueueGauges } from './gauges.ts'
import { createMemoryTransport } from './memory.ts'
import type { WorkerTimes } from './redis/upkeep.ts'

export type { CodeJob, NoticeJob, SmsJob, SmsOutbox } from './contract.ts'

export interface OutboxOptions {
  /** Tests pass shorter times. */
  times?: WorkerTimes
}

declare module 'fastify' {
  interface FastifyInstance { smsOutbox: SmsOutbox }
}

/**
 * Queues SMS and sends them in the background: in Redis if configured, where queued jobs survive the process, else in this
 * process. At the stop signal, other processes take over the waiting jobs in Redis. Close accepts no more jobs and awaits those in flight for SHUTDOWN_SMS_SECONDS.
 */
export default fp<OutboxOptions>(async (fastify, { times }) => {
  const { redis, metrics, ruleClock: clock, stopSignal } = fastify
  const transport = redis === undefined ? createMemoryTransport(fastify) : await openRedisTransport(fastify, times)
  addQueueGauges({ registry: metrics.registry, clock, inspect: transport.inspect })
  if (transport.stopTaking !== undefined) stopSignal.addEventListener('abort', transport.stopTaking)
  fastify.addHook('onClose', transport.close)

  fastify.decorate('smsOutbox', {
    assertCapacity: transport.assertCapacity,
    // Each notice has a delivery of its own.
    async enqueue (job) { await transport.add('notice' in job ? { ...job, deliveryId: randomUUID(), queuedAt: clock.now() } : job) },
    enqueueAgain: transport.addAgain
  })
}, { name: 'sms-outbox', dependencies: ['redis', 'secrets', 'sms-delivery', 'metrics'], fastify: '5.x' })

/** The driver of Redis is loaded only if it is needed. */
async function openRedisTransport (fastify: FastifyInstance, times: OutboxOptions['times']) {
  const { createRedisTransport } = await import('./redis/index.ts')
  return createRedisTransport(fastify, times)
}
