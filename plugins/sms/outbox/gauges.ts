import { Gauge, type Registry } from 'prom-client'
import type { Clock } from '../../../src/process/clock.ts'
import { withTimeout } from '../../../src/process/timeout.ts'
import type { QueueState } from './contract.ts'

/** The page of metrics must not wait for an unreachable Redis. */
const inspectTimeoutMs = 400

export interface GaugedQueue {
  registry: Registry
  clock: Clock
  inspect: () => Promise<QueueState>
}

/** Adds gauges for the depth and age of the queue, which are read on demand. With Redis they cover all processes. */
export function addQueueGauges ({ registry, clock, inspect }: GaugedQueue): void {
  let pending: Promise<QueueState | undefined> | undefined

  /** Both gauges are read together, and share one query. */
  async function readState (): Promise<QueueState | undefined> {
    pending ??= withTimeout(inspectTimeoutMs, inspect().catch(() => undefined), undefined).finally(() => { pending = undefined })
    return await pending
  }

  const registers = [registry]
  const depth = new Gauge({
    name: 'cheershare_sms_queue_depth',
    help: 'SMS that wait, are in flight, or pause between two attempts',
    labelNames: ['state'] as const,
    registers,
    async collect () {
      depth.reset()
      const state = await readState()
      if (state === undefined) return
      for (const name of ['waiting', 'active', 'delayed'] as const) depth.set({ state: name }, state[name])
    }
  })
  const oldest = new Gauge({
    name: 'cheershare_sms_queue_oldest_seconds',
    help: 'Age of the oldest SMS in the queue; NaN while the queue does not reply',
    registers,
    async collect () {
      const state = await readState()
      oldest.set(state === undefined ? NaN : (clock.now() - (state.oldestAt ?? clock.now())) / 1000)
    }
  })
}
