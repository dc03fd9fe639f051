import { Gauge, type Registry } from 'prom-client'
import type { Clock } from '../../../src/process/clock.ts'
import { withTimeout } from '../../../src/process/timeout.ts'
import type { QueueState } from './contract.ts'

/** A page of metrics must not wait for a Redis that is away. */
const answerWithinMs = 400

export interface GaugedQueue {
  registry: Registry
  clock: Clock
  inspect: () => Promise<QueueState>
}

/** Depth and age of the queue of SMS, asked for when they are read. With Redis they are those of all processes together. */
export function addQueueGauges ({ registry, clock, inspect }: GaugedQueue): void {
  let question: Promise<QueueState | undefined> | undefined

  /** Both gauges are read at once, and ask once. */
  async function look (): Promise<QueueState | undefined> {
    question ??= withTimeout(answerWithinMs, inspect().catch(() => undefined), undefined).finally(() => { question = undefined })
    return await question
  }

  const registers = [registry]
  const depth = new Gauge({
    name: 'cheershare_sms_queue_depth',
    help: 'SMS that wait for their turn, are under way, or pause between two attempts',
    labelNames: ['state'] as const,
    registers,
    async collect () {
      depth.reset()
      const state = await look()
      if (state === undefined) return
      for (const name of ['waiting', 'active', 'delayed'] as const) depth.set({ state: name }, state[name])
    }
  })
  const oldest = new Gauge({
    name: 'cheershare_sms_queue_oldest_seconds',
    help: 'Age of the oldest SMS in the queue; NaN while the queue cannot be asked',
    registers,
    async collect () {
      const state = await look()
      oldest.set(state === undefined ? NaN : (clock.now() - (state.oldestAt ?? clock.now())) / 1000)
    }
  })
}
