import { randomUUID } from 'node:crypto'
import fp from 'fastify-plugin'
import { createBullMqTransport } from './bullmq.ts'
import type { QueuedSms, SmsJob, SmsOutbox } from './contract.ts'
import { addQueueGauges } from './gauges.ts'
import { createMemoryTransport } from './memory.ts'

export type { CodeJob, NoticeJob, SmsJob, SmsOutbox } from './contract.ts'

declare module 'fastify' {
  interface FastifyInstance { smsOutbox: SmsOutbox }
}

/**
 * Offers `smsOutbox`: by Redis where there is one, where what was taken survives the process; else in this process.
 * Close takes no more jobs and awaits those under way for SHUTDOWN_SMS_SECONDS.
 */
export default fp(async (fastify) => {
  const { redis, metrics, clock } = fastify
  const transport = redis === undefined ? createMemoryTransport(fastify) : createBullMqTransport(fastify)
  addQueueGauges({ registry: metrics.registry, clock, inspect: transport.inspect })
  fastify.addHook('onClose', transport.close)

  fastify.decorate('smsOutbox', {
    ensureRoom: transport.ensureRoom,
    async enqueue (job) { await transport.add(...identify(job)) }
  })
}, { name: 'sms-outbox', dependencies: ['redis', 'secrets', 'sms-delivery', 'metrics'], fastify: '5.x' })

/** The same code queued twice is one job; each notice is one of its own. */
function identify (job: SmsJob): [string, QueuedSms] {
  if (!('notice' in job)) return [`${job.challengeId}-${job.send}`, job]
  const deliveryId = randomUUID()
  return [deliveryId, { ...job, deliveryId }]
}
