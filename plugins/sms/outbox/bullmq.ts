import { setTimeout as sleep } from 'node:timers/promises'
import { DelayedError, isNotConnectionError, Queue, Worker, type Job, type QueueOptions } from 'bullmq'
import type { FastifyInstance } from 'fastify'
import type { Cluster, Redis } from 'ioredis'
import { withTimeout } from '../../../src/process/timeout.ts'
import { authenticateText } from '../../../src/domain/auth/keyring.ts'
import { getErrorName, UnavailableError } from '../../../src/http/errors.ts'
import { createPatientClient } from '../../../src/redis/client.ts'
import { ask } from '../../../src/redis/deadlines.ts'
import type { QueuedSms, RunOutcome, Transport } from './contract.ts'

const queueName = 'sms'

/**
 * Finished jobs are retained longer than any challenge lives (10 minutes), which deduplicates by job id. The count bounds
 * memory: above 333 SMS a second it covers less time, and then the stored deliveries prevent a second SMS.
 */
const retention = { age: 3600, count: 200_000 }
/** The events of the queue have no reader; the default retains 10,000. */
const streams = { events: { maxLen: 100 } }

/** The stored deliveries limit how often a killed job runs again; the queue itself would fail it without a log line. */
const maximumStalls = 1_000_000
/** A process that lost its connection to Redis, and was not killed, can store its result in this time after Redis is back. */
const takeoverPauseMs = 1500
/** Pause after a broken connection; the default is 15 s. */
const connectionPauseMs = 500
/** BullMQ's own close never returns while Redis is unreachable. */
const closeTimeoutMs = 1000

/** Times that determine how fast a worker notices changes in Redis. */
export interface WorkerTimes {
  /**
   * The jobs of a killed process run again after the lock and the check for stalled jobs, within 7 s, while their codes are
   * still valid.
   */
  lockMs: number
  stalledCheckMs: number
  /** Duration of a blocking wait for jobs. BullMQ reconnects a second after it if Redis does not reply. */
  blockSeconds: number
}

const workerTimes: WorkerTimes = { lockMs: 5000, stalledCheckMs: 2000, blockSeconds: 5 }

/**
 * The braces put all keys of the queue on one node of a Redis Cluster. Services with other secrets use another queue in
 * the same Redis: they could not read the jobs of this one, and would drop them.
 */
function createPrefix ({ secrets }: FastifyInstance): string {
  return `{sms-${authenticateText(secrets.phoneHashKey, ['sms queue']).slice(0, 8)}}`
}

/** Creates a queue in Redis. Its jobs survive the process, and any process with the same secrets runs them. Tests pass shorter times. */
export function createBullMqTransport (fastify: FastifyInstance & { redis: Redis | Cluster }, times = workerTimes): Transport {
  const { redis, config, log } = fastify
  // The client is connected already, and fails at once while Redis is unreachable, so the queue need not wait for it.
  const options: QueueOptions = {
    connection: redis, prefix: createPrefix(fastify), streams, skipVersionCheck: true, skipWaitingForReady: true
  }
  const queue = new Queue<QueuedSms, void>(queueName, options)
  queue.on('error', logError)
  const runner = config.sms.delivers ? createRunner(fastify, times, logError) : undefined
  let isClosing = false

  /** The Redis plugin logs once that Redis is unreachable, so connection errors are logged at debug level here. */
  function logError (error: Error): void {
    log[isNotConnectionError(error) ? 'warn' : 'debug']({ err: error }, 'SMS queue')
  }

  function assertCapacity (): void {
    if (isClosing) throw new UnavailableError('sms-outbox')
  }

  return {
    assertCapacity,
    async add (id, job) {
      assertCapacity()
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

function createRunner (
  fastify: FastifyInstance, { lockMs, stalledCheckMs, blockSeconds }: WorkerTimes, logError: (error: Error) => void
): Runner {
  const { smsDelivery, config, log } = fastify
  const { urls } = config.redis
  const client = createPatientClient(urls)
  const blocking = createPatientClient(urls, { isBlocking: true })
  const clients = [client, blocking]
  // BullMQ duplicates its connection. The duplicate is created here, so that it can be ended if BullMQ's close hangs.
  const connection = Object.assign(client, { duplicate: () => blocking })
  const inFlight = new Set<Promise<void>>()
  let isClosing = false

  async function run (job: Job<QueuedSms, void>, token: string | undefined): Promise<void> {
    if (job.stalledCounter > 0) await sleep(takeoverPauseMs)
    // A worker that was waiting for jobs when it closes may receive one more, which other workers can run at once.
    const outcome: RunOutcome = isClosing ? { kind: 'again', afterMs: 0 } : await smsDelivery.run(job.data)
    if (outcome.kind === 'done') return
    await job.moveToDelayed(Date.now() + outcome.afterMs, token)
    throw new DelayedError()
  }

  /** BullMQ stores the error of a failed job. An unforeseen error may contain the number, so its text is replaced. */
  async function work (job: Job<QueuedSms, void>, token?: string): Promise<void> {
    const end = run(job, token).catch((error: unknown) => {
      throw error instanceof DelayedError ? error : new Error(`SMS ${job.data.deliveryId} failed by ${getErrorName(error)}`)
    })
    inFlight.add(end)
    await end.finally(() => inFlight.delete(end))
  }

  const worker = new Worker<QueuedSms, void>(queueName, work, {
    connection,
    prefix: createPrefix(fastify),
    concurrency: config.sms.concurrency,
    lockDuration: lockMs,
    stalledInterval: stalledCheckMs,
    drainDelay: blockSeconds,
    maxStalledCount: maximumStalls,
    runRetryDelay: connectionPauseMs,
    // Options of the worker are not stored with each job, where they took a third of its text.
    removeOnComplete: retention,
    removeOnFail: retention
  })
  worker.on('error', logError)
  worker.on('failed', (_job, error) => log.error({ err: error }, 'SMS job failed'))

  async function idle (): Promise<void> {
    while (inFlight.size > 0) await Promise.allSettled(inFlight)
  }

  return {
    async close () {
      isClosing = true
      await worker.pause(true)
      log.info({ outstanding: inFlight.size }, 'completing background tasks')
      await withTimeout(config.process.shutdownSmsSeconds * 1000, idle(), undefined)
      const left = inFlight.size
      await withTimeout(closeTimeoutMs, worker.close(left > 0).catch(logError), undefined)
      // While Redis is unreachable, BullMQ's close hangs before it clears the timer that renews locks, and that timer keeps the
      // process alive for ever. BullMQ has no public method to clear it, so the private lock manager is closed here.
      // test/plugins/sms/outbox/close.test.ts fails if an update of BullMQ renames it.
      await worker['lockManager'].close()
      for (const client of clients) {
        // BullMQ may connect again after its close has taken longer than the timeout.
        client.on('connect', client.disconnect.bind(client, false))
        client.disconnect()
      }
      if (left > 0) log.warn({ outstanding: left }, 'other processes send the remaining SMS, or this one after its next start')
    }
  }
}
