import fp from 'fastify-plugin'
import { Counter, Histogram } from 'prom-client'
import type { DeliveryRecord } from '../../src/domain/sms/delivery.ts'
import { reasonOf, type Milestone } from '../../src/domain/sms/delivery-rules.ts'

export interface SmsMetrics {
  /** A delivery came so far. */
  countDelivery (record: DeliveryRecord, milestone: Milestone): void
  /** A code was used. Of one that no SMS carried nothing is counted. */
  countVerified (country: string | undefined): void
}

declare module 'fastify' {
  interface FastifyInstance { smsMetrics: SmsMetrics }
}

/** From what a network needs at best to the longest life of a code. */
const deliveryBuckets = [0.5, 1, 2, 3, 5, 8, 13, 20, 30, 60, 120, 300, 600]

/**
 * Offers `smsMetrics`. Labels are few: roads, reasons and states are our own words, countries those of libphonenumber;
 * no number ever is one. How many of the codes sent are used is `cheershare_otp_verified_total` over the deliveries `sent`.
 */
export default fp(async (fastify) => {
  const registers = [fastify.metrics.registry]
  const deliveries = new Counter({
    name: 'cheershare_sms_deliveries_total',
    help: 'SMS that were queued, sent, delivered, failed or dropped',
    labelNames: ['status', 'provider', 'country', 'reason'] as const,
    registers
  })
  const seconds = new Histogram({
    name: 'cheershare_sms_delivery_seconds',
    help: 'From the request to the handset',
    labelNames: ['provider', 'country'] as const,
    buckets: deliveryBuckets,
    registers
  })
  const verified = new Counter({
    name: 'cheershare_otp_verified_total', help: 'Codes of SMS that were used', labelNames: ['country'] as const, registers
  })

  fastify.decorate('smsMetrics', {
    countDelivery (record, status) {
      const { provider = 'none', country = 'unknown', queuedAt, endedAt = queuedAt } = record
      deliveries.inc({ status, provider, country, reason: reasonOf(record) ?? 'none' })
      if (status === 'delivered') seconds.observe({ provider, country }, Math.max(0, endedAt - queuedAt) / 1000)
    },
    countVerified (country = 'unknown') { verified.inc({ country }) }
  })
}, { name: 'sms-metrics', dependencies: ['metrics'], fastify: '5.x' })
