import fp from 'fastify-plugin'
import { Counter, Histogram } from 'prom-client'
import type { DeliveryRecord } from '../../src/domain/sms/delivery.ts'
import { findReason, type Milestone } from '../../src/domain/sms/delivery-rules.ts'

export interface SmsMetrics {
  /** Counts a milestone of a delivery. */
  countDelivery (record: DeliveryRecord, milestone: Milestone): void
  /** Counts a used code. Codes without an SMS are not counted. */
  countVerified (country: string | undefined): void
}

declare module 'fastify' {
  interface FastifyInstance { smsMetrics: SmsMetrics }
}

/** Seconds, from the fastest networks to the longest life of a code. */
const deliveryBuckets = [0.5, 1, 2, 3, 5, 8, 13, 20, 30, 60, 120, 300, 600]

/**
 * Counts deliveries and used codes. The labels have few values: providers, reasons and states of this service, and the
 * countries of libphonenumber; phone numbers are never labels. The conversion rate is `cheershare_otp_verified_total`
 * divided by the deliveries `sent`.
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
    help: 'Time from the request to the handset',
    labelNames: ['provider', 'country'] as const,
    buckets: deliveryBuckets,
    registers
  })
  const verified = new Counter({
    name: 'cheershare_otp_verified_total', help: 'Codes sent by SMS that were used', labelNames: ['country'] as const, registers
  })

  fastify.decorate('smsMetrics', {
    countDelivery (record, status) {
      const { provider = 'none', country = 'unknown', queuedAt, endedAt = queuedAt } = record
      deliveries.inc({ status, provider, country, reason: findReason(record) ?? 'none' })
      if (status === 'delivered') seconds.observe({ provider, country }, Math.max(0, endedAt - queuedAt) / 1000)
    },
    countVerified (country = 'unknown') { verified.inc({ country }) }
  })
}, { name: 'sms-metrics', dependencies: ['metrics'], fastify: '5.x' })
