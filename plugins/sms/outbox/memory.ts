import { promise as createQueue } from 'fastq'
import type { FastifyInstance } from 'fastify'
import { withTimeout } from '../../../src/process/timeout.ts'
import { UnavailableError } from '../../../src/http/errors.ts'
import type { QueuedSms, RunOutcome, Transport } from './contract.ts'

/** A longer queue would outlast its codes. The limit also bounds memory while a carrier hangs. */
const maximumWaiting = 10_000

interface Outstanding { queuedAt: number, isDelayed: boolean, end: Promise<void> }

/**
 * Creates a queue in this process. A graceful shutdown waits for outstanding jobs; those unsent at its deadline are counted and
 * logged.
 */
export function createMemoryTransport (fastify: FastifyInstance): Transport {
  const { smsDelivery, ruleClock: clock, config, metrics, log } = fastify
  const queue = createQueue<unknown, QueuedSms, RunOutcome>(smsDelivery.run, config.sms.concurrency)
  /** Jobs that wait, are in flight or pause, by the id of their delivery. */
  const outstanding = new Map<string, Outstanding>()
  let isClosing = false

  async function runUntilDone (job: QueuedSms, entry: Outstanding): Promise<void> {
    for (let outcome = await queue.push(job); outcome.kind === 'again'; outcome = await queue.push(job)) {
      // A pausing job does not occupy one of the concurrent runs.
      entry.isDelayed = true
      await clock.sleep(outcome.afterMs)
      entry.isDelayed = false
    }
  }

  function assertCapacity (): void {
    if (isClosing || outstanding.size - queue.running() >= maximumWaiting) throw new UnavailableError('sms-outbox')
  }

  async function add (job: QueuedSms): Promise<void> {
    const { deliveryId: id } = job
    if (isClosing) throw new UnavailableError('sms-outbox')
    if (outstanding.has(id)) return
    const entry: Outstanding = { queuedAt: clock.now(), isDelayed: false, end: Promise.resolve() }
    outstanding.set(id, entry)
    entry.end = runUntilDone(job, entry)
      .catch((error: unknown) => log.error({ deliveryId: id, err: error }, 'SMS job failed'))
      .finally(() => outstanding.delete(id))
  }

  return {
    assertCapacity,
    add,
    addAgain: add,
    async inspect () {
      const [oldest] = outstanding.values()
      const active = queue.running()
      const delayed = [...outstanding.values()].filter(({ isDelayed }) => isDelayed).length
      return { waiting: outstanding.size - active - delayed, active, delayed, oldestAt: oldest?.queuedAt }
    },
    async close () {
      isClosing = true
      log.info({ outstanding: outstanding.size }, 'completing background tasks')
      const ends = Promise.all([...outstanding.values()].map(async ({ end }) => { await end }))
      await withTimeout(config.process.shutdownSmsSeconds * 1000, ends, undefined)
      for (let left = outstanding.size; left > 0; left--) metrics.countSms('abandoned')
      if (outstanding.size > 0) log.error({ abandoned: outstanding.size }, 'SMS left unsent')
    }
  }
}
