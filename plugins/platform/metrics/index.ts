import fp from 'fastify-plugin'
import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client'
import { createDurations } from './durations.ts'

export type SmsOutcome =
  /** The carrier took it. */
  | 'sent'
  /** An attempt failed and there will be another. */
  | 'retried'
  /** Given up, or refused for good. */
  | 'failed'
  /** The code was used or over before it could be sent. */
  | 'dropped'
  /** Still under way when the shutdown's time was over. */
  | 'abandoned'

export interface Metrics {
  registry: Registry
  countSms (outcome: SmsOutcome): void
}

declare module 'fastify' {
  interface FastifyInstance { metrics: Metrics }
}

/**
 * Offers `metrics` and times every request. Rates, errors included, follow from the histogram's count by
 * method, route template and status; addresses that are no route share one label, so strangers cannot add series.
 */
export default fp(async (fastify) => {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const sms = new Counter({ name: 'cheershare_sms_total', help: 'SMS by outcome', labelNames: ['outcome'] as const, registers })
  for (const outcome of ['sent', 'retried', 'failed', 'dropped', 'abandoned'] as const) sms.inc({ outcome }, 0)
  addPoolGauge(registry, () => fastify.pg?.pool)

  const durations = createDurations(registry)
  fastify.addHook('onResponse', (request, reply, done) => {
    durations.note(request, reply)
    done()
  })

  fastify.decorate('metrics', { registry, countSms: (outcome) => sms.inc({ outcome }) })
}, { name: 'metrics', fastify: '5.x' })

interface PoolCounts { totalCount: number, idleCount: number, waitingCount: number }

function addPoolGauge (registry: Registry, poolOf: () => PoolCounts | undefined): void {
  const gauge = new Gauge({
    name: 'cheershare_postgres_pool',
    help: 'Connections of the PostgreSQL pool, and requests that wait for one',
    labelNames: ['state'] as const,
    registers: [registry],
    collect () {
      const pool = poolOf()
      if (pool === undefined) return
      gauge.set({ state: 'busy' }, pool.totalCount - pool.idleCount)
      gauge.set({ state: 'idle' }, pool.idleCount)
      gauge.set({ state: 'waiting' }, pool.waitingCount)
    }
  })
}
