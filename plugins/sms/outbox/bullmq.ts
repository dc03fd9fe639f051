import { setTimeout as sleep } from 'node:timers/promises'
import { DelayedError, isNotConnectionError, Queue, Worker, type Job, type QueueOptions } from 'bullmq'
import type { FastifyInstance } from 'fastify'
import type { Cluster, Redis } from 'ioredis'
import { withTimeout } from '../../../src/process/timeout.ts'
import { authenticateText } from '../../../src/domain/auth/keyring.ts'
import { nameOf, UnavailableError } from '../../../src/http/errors.ts'
import { createPatientClient } from '../../../src/redis/client.ts'
import { ask } from '../../../src/redis/deadlines.ts'
import type { QueuedSms, RunOutcome, Transport } from './contract.ts'

const queueName = 'sms'

/**
 * An id is remembered for longer than any challenge lives (10 minutes), so that it is not queued twice. The count bounds
 * memory; above 333 SMS a second it reaches back less far, and what is queued twice then is known by its marks.
 */
const keep = { age: 3600, count: 200_000 }
/** Nobody reads the events of the queue; by default it keeps 10,000. */
const streams = { events: { maxLen: 100 } }

/** A killed process's jobs run again within these two, 7 s at most: a code is of use for minutes. */
const lockMs = 5000
const stalledCheckMs = 2000
/** How often a job was killed is bounded by its own marks; the queue would fail it without a word. */
const maximumStalls = 1_000_000
/** A process that was cut off from Redis alone, and not killed, writes its marks first, when it can. */
const takeoverPauseMs = 1500
/** After a connection that broke; by default 15 s. */
const connectionPauseMs = 500
/** BullMQ's own close never returns while Redis is away. */
const closeWithinMs = 1000

/**
 * The braces keep all keys of the queue on one node of a Redis Cluster. Services with other secrets have another queue
 * in the same Redis: they could not read its jobs, and would drop them.
 */
function prefixOf ({ secrets }: FastifyInstance): string {
  return `{sms-${authenticateText(secrets.phoneHashKey, ['sms queue']).slice(0, 8)}}`
}

/** By Redis: what was taken survives the process and runs on whatever process there is. */
export function createBullMqTransport (fastify: FastifyInstance & { redis: Redis | Cluster }): Transport {
  const { redis, config, log } = fastify
  // The client is connected by now, and fails at once while the server is away: nothing is to be waited for.
  const options: QueueOptions = { connection: redis, prefix: prefixOf(fastify), streams, skipVersionCheck: true, skipWaitingForReady: true }
  const queue = new Queue<QueuedSms, void>(queueName, options)
  queue.on('error', logError)
  const runner = config.sms.delivers ? createRunner(fastify, logError) : undefined
  let isClosing = false

  /** That Redis is away is said once, by its own plugin. */
  function logError (error: Error): void {
    log[isNotConnectionError(error) ? 'warn' : 'debug']({ err: error }, 'SMS queue')
  }

  function ensureRoom (): void {
    if (isClosing) throw new UnavailableError('sms-outbox')
  }

  return {
    ensureRoom,
    async add (id, job) {
      ensureRoom()
      await ask(queue.add('sms', job, { jobId: id, stackTraceLimit: 0 }))
    },
    async inspect () {
      const states = ['waiting', 'active', 'delayed'] as const
      const [counts, oldest] = await Promise.all([
        queue.getJobCounts(...states),
        Promise.all(states.map(async (state) => await queue.getJobs(state, 0, 0, true)))
      ])
      const { waiting = 0, active = 0, delayed = 0 } = counts
      const moments = oldest.flat().map(({ timestamp }) => timestamp)
      return { waiting, active, delayed, oldestAt: moments.length === 0 ? undefined : Math.min(...moments) }
    },
    async close () {
      isClosing = true
      await runner?.close()
      await queue.close()
    }
  }
}

interface Runner { close (): Promise<void> }

function createRunner (fastify: FastifyInstance, logError: (error: Error) => void): Runner {
  const { smsDelivery, config, log } = fastify
  const { urls } = config.redis
  const client = createPatientClient(urls)
  const blocking = createPatientClient(urls, { isBlocking: true })
  const clients = [client, blocking]
  // BullMQ makes its second connection by copying the first; this one can be ended when its close hangs.
  const connection = Object.assign(client, { duplicate: () => blocking })
  const underWay = new Set<Promise<void>>()
  let isClosing = false

  async function run (job: Job<QueuedSms, void>, token: string | undefined): Promise<void> {
    if (job.stalledCounter > 0) await sleep(takeoverPauseMs)
    // A worker that waits for jobs while it is told to stop may be given one more: others can have it at once.
    const outcome: RunOutcome = isClosing ? { kind: 'again', afterMs: 0 } : await smsDelivery.run(job.data)
    if (outcome.kind === 'done') return
    await job.moveToDelayed(Date.now() + outcome.afterMs, token)
    throw new DelayedError()
  }

  /** What a job failed by is kept with it, and an error that nobody foresaw may hold the number. */
  async function work (job: Job<QueuedSms, void>, token?: string): Promise<void> {
    const end = run(job, token).catch((error: unknown) => {
      throw error instanceof DelayedError ? error : new Error(`SMS ${job.data.deliveryId} failed by ${nameOf(error)}`)
    })
    underWay.add(end)
    await end.finally(() => underWay.delete(end))
  }

  const worker = new Worker<QueuedSms, void>(queueName, work, {
    connection,
    prefix: prefixOf(fastify),
    concurrency: config.sms.concurrency,
    lockDuration: lockMs,
    stalledInterval: stalledCheckMs,
    maxStalledCount: maximumStalls,
    runRetryDelay: connectionPauseMs,
    // Said here, it is not kept with each job.
    removeOnComplete: keep,
    removeOnFail: keep
  })
  worker.on('error', logError)
  worker.on('failed', (_job, error) => log.error({ err: error }, 'SMS job failed'))

  async function drained (): Promise<void> {
    while (underWay.size > 0) await Promise.allSettled(underWay)
  }

  return {
    async close () {
      isClosing = true
      await worker.pause(true)
      log.info({ outstanding: underWay.size }, 'completing background tasks')
      await withTimeout(config.process.shutdownSmsSeconds * 1000, drained(), undefined)
      const left = underWay.size
      await withTimeout(closeWithinMs, worker.close(left > 0).catch(logError), undefined)
      // A close that hangs has not come to the timer that renews locks, which would hold the process for good.
      await worker['lockManager'].close()
      for (const client of clients) client.disconnect()
      if (left > 0) log.warn({ outstanding: left }, 'SMS go on elsewhere, or at the next start')
    }
  }
}
