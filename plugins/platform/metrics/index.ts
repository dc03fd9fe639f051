import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client'
import { createDurations } from './durations.ts'

export type SmsOutcome =
  /** The provider accepted it. */
  | 'sent'
  /** An attempt failed, and another follows. */
  | 'retried'
  /** It was given up after several attempts, or refused permanently. */
  | 'failed'
  /** The code was used or expired before the SMS could be sent. */
  | 'dropped'
  /** It was in flight when SHUTDOWN_SMS_SECONDS ended. */
  | 'abandoned'

export interface Metrics {
  /** Holds the metrics of this instance. */
  registry: Registry
  /** The metrics of this instance and of its process, in the text exposition format. */
  expose (): Promise<string>
  countSms (outcome: SmsOutcome): void
  /** Counts a request that was refused without Fastify. Without a request, its address counts as unmatched. */
  countRefused (status: number, request?: FastifyRequest): void
}

declare module 'fastify' {
  interface FastifyInstance { metrics: Metrics }
}

/**
 * Metrics of the process, which all instances in it share: prom-client observes the event loop and garbage collection
 * until the process ends, so observers of each instance would add up.
 */
const processRegistry = new Registry()
collectDefaultMetrics({ register: processRegistry })

/**
 * Adds the registry of metrics and records the duration of every request. The count of the histogram gives the rates of
 * requests and errors. Unmatched addresses share one label, so that clients cannot create series.
 */
export default fp(async (fastify) => {
  const registry = new Registry()
  const registers = [registry]
  const sms = new Counter({ name: 'cheershare_sms_total', help: 'SMS by outcome', labelNames: ['outcome'] as const, registers })
  for (const outcome of ['sent', 'retried', 'failed', 'dropped', 'abandoned'] as const) sms.inc({ outcome }, 0)
  addPoolGauge(registry, () => fastify.pg?.pool)
  addClockGauge(fastify, registry)

  const durations = createDurations(registry)
  fastify.addHook('onResponse', (request, reply, done) => {
    durations.record(request, reply)
    done()
  })

  fastify.decorate('metrics', {
    registry,
    expose: async () => await Registry.merge([processRegistry, registry]).metrics(),
    countSms: (outcome) => sms.inc({ outcome }),
    countRefused: durations.recordRefused
  })
}, { name: 'metrics', fastify: '5.x' })

interface PoolCounts { totalCount: number, idleCount: number, waitingCount: number }

function addPoolGauge (registry: Registry, getPool: () => PoolCounts | undefined): void {
  const gauge = new Gauge({
    name: 'cheershare_postgres_pool',
    help: 'Connections of the PostgreSQL pool, and requests that wait for one',
    labelNames: ['state'] as const,
    registers: [registry],
    collect () {
      const pool = getPool()
      if (pool === undefined) return
      gauge.set({ state: 'busy' }, pool.totalCount - pool.idleCount)
      gauge.set({ state: 'idle' }, pool.idleCount)
      gauge.set({ state: 'waiting' }, pool.waitingCount)
    }
  })
}

function addClockGauge (fastify: FastifyInstance, registry: Registry): void {
  const gauge = new Gauge({
    name: 'cheershare_clock_offset_seconds',
    help: 'Seconds by which the clock of this instance is ahead of the clock of a server',
    labelNames: ['server'] as const,
    registers: [registry],
    collect () {
      if (fastify.hasDecorator('redis')) gauge.set({ server: 'redis' }, fastify.ruleClock.aheadMs / 1000)
      if (fastify.hasDecorator('pg')) gauge.set({ server: 'postgres' }, fastify.rowClock.aheadMs / 1000)
    }
  })
}
