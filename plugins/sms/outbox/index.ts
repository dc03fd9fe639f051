import { randomUUID } from 'node:crypto'
import fp from 'fastify-plugin'
import type { WorkerTimes } from './bullmq.ts'
import type { QueuedSms, SmsJob, SmsOutbox } from './contract.ts'
import { addQueueGauges } from './gauges.ts'
import { createMemoryTransport } from './memory.ts'

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
 * process. Close accepts no more jobs and awaits those in flight for SHUTDOWN_SMS_SECONDS.
 */
export default fp<OutboxOptions>(async (fastify, { times }) => {
  const { redis, metrics, clock } = fastify
  // BullMQ takes 0.2 s of processor time to load, so it is loaded only if it is needed.
  const transport = redis === undefined
    ? createMemoryTransport(fastify)
    : (await import('./bullmq.ts')).createBullMqTransport(fastify, times)
  addQueueGauges({ registry: metrics.registry, clock, inspect: transport.inspect })
  fastify.addHook('onClose', transport.close)

  fastify.decorate('smsOutbox', {
    assertCapacity: transport.assertCapacity,
    async enqueue (job) { await transport.add(...identify(job)) }
  })
}, { name: 'sms-outbox', dependencies: ['redis', 'secrets', 'sms-delivery', 'metrics'], fastify: '5.x' })

/** Codes are deduplicated by challenge and number of the SMS; each notice is a job of its own. */
function identify (job: SmsJob): [string, QueuedSms] {
  if (!('notice' in job)) return [`${job.challengeId}-${job.send}`, job]
  const deliveryId = randomUUID()
  return [deliveryId, { ...job, deliveryId }]
}
