import { promise as createQueue } from 'fastq'
import type { FastifyInstance } from 'fastify'
import { withTimeout } from '../../../src/process/timeout.ts'
import { UnavailableError } from '../../../src/http/errors.ts'
import type { QueuedSms, RunOutcome, Transport } from './contract.ts'

/** Beyond this a code would be over before its turn comes; memory must not grow with a carrier that hangs. */
const maximumWaiting = 10_000

interface Outstanding { queuedAt: number, isDelayed: boolean, end: Promise<void> }

/** In this process: outstanding jobs survive an orderly stop only. What is unsent when its time is over is counted and logged. */
export function createMemoryTransport (fastify: FastifyInstance): Transport {
  const { smsDelivery, clock, config, metrics, log } = fastify
  const queue = createQueue<unknown, QueuedSms, RunOutcome>(smsDelivery.run, config.sms.concurrency)
  /** Waiting, under way or between two runs, by their ids. */
  const outstanding = new Map<string, Outstanding>()
  let isClosing = false

  async function carry (job: QueuedSms, entry: Outstanding): Promise<void> {
    for (let outcome = await queue.push(job); outcome.kind === 'again'; outcome = await queue.push(job)) {
      // A pause takes no place from the others.
      entry.isDelayed = true
      await clock.sleep(outcome.afterMs)
      entry.isDelayed = false
    }
  }

  function ensureRoom (): void {
    if (isClosing || outstanding.size - queue.running() >= maximumWaiting) throw new UnavailableError('sms-outbox')
  }

  return {
    ensureRoom,
    async add (id, job) {
      if (isClosing) throw new UnavailableError('sms-outbox')
      if (outstanding.has(id)) return
      const entry: Outstanding = { queuedAt: clock.now(), isDelayed: false, end: Promise.resolve() }
      outstanding.set(id, entry)
      entry.end = carry(job, entry)
        .catch((error: unknown) => log.error({ deliveryId: job.deliveryId, err: error }, 'SMS job failed'))
        .finally(() => outstanding.delete(id))
    },
    async inspect () {
      const [oldest] = outstanding.values()
      const active = queue.running()
      const delayed = [...outstanding.values()].filter(({ isDelayed }) => isDelayed).length
      return { waiting: outstanding.size - active - delayed, active, delayed, oldestAt: oldest?.queuedAt }
    },
    async close () {
      isClosing = true
      log.info({ outstanding: outstanding.size }, 'completing background tasks')
      await withTimeout(config.process.shutdownSmsSeconds * 1000, Promise.all([...outstanding.values()].map(async ({ end }) => { await end })), undefined)
      for (let left = outstanding.size; left > 0; left--) metrics.countSms('abandoned')
      if (outstanding.size > 0) log.error({ abandoned: outstanding.size }, 'SMS left unsent')
    }
  }
}
