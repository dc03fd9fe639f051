import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import type { Cluster, Redis } from 'ioredis'
import { collect } from '../../../../src/process/collect.ts'
import { withTimeout } from '../../../../src/process/timeout.ts'
import { getErrorName } from '../../../../src/http/errors.ts'
import { createErrorPacer } from '../../../../src/process/error-pacer.ts'
import { createPatientClient } from '../../../../src/redis/client.ts'
import { isErrorReply } from '../../../../src/redis/failures.ts'
import { serverTimeOf } from '../../../../src/redis/server-time.ts'
import type { QueuedSms, RunOutcome } from '../contract.ts'
import { group, type QueueKeys } from './keys.ts'
import { maximumMoved, queueScripts } from './scripts.ts'

/** Times that determine how fast a worker notices changes in Redis. */
export interface WorkerTimes {
  /** Processes that give no sign of life for this time have lost their jobs. With the default times these run again within 9 s. */
  idleMs: number
  /** Time between two signs of life, and between two checks for those of other processes. */
  checkMs: number
  /** Duration of a blocking wait for jobs, each of which is a sign of life too. */
  blockMs: number
  /** A process without jobs that gives no sign of life for this time has ended. */
  endedAfterMs: number
}

export const workerTimes: WorkerTimes = { idleMs: 5000, checkMs: 2000, blockMs: 5000, endedAfterMs: 3_600_000 }

/**
 * Least time between two reads, and longest time before a job is acknowledged: the jobs of this time are read, claimed and
 * acknowledged together, which takes less work for each.
 */
const gatherMs = 10
/** A job that pauses between two attempts may run this much late. */
const delayedCheckMs = 250
/** Pause before a lost job runs again. If its process lost only the connection to Redis, it can store its result in this time. */
const takeoverPauseMs = 1500
const errorPauseMs = 500
/** Commands wait while Redis is unreachable, and a shutdown must not. */
const closeTimeoutMs = 1000

type Entry = [id: string, fields: string[]]

export interface Worker {
  /** Starts no more jobs; those in flight run on. */
  stopTaking (): void
  /** Starts no more jobs, awaits those in flight within the deadline, and returns the others to the queue. */
  close (): Promise<void>
}

/** Repeats a script that moves at most `maximumMoved` jobs, until it moves fewer. */
async function repeatWhileFull (move: () => Promise<number>): Promise<void> {
  let moved
  do moved = await move()
  while (moved >= maximumMoved)
}

/** Runs the jobs of the stream, up to SMS_CONCURRENCY at once. */
export function startWorker (
  fastify: FastifyInstance & { redis: Redis | Cluster }, keys: QueueKeys, { idleMs, checkMs, blockMs, endedAfterMs }: WorkerTimes
): Worker {
  const { smsDelivery, redis, config, log } = fastify
  const { jobs, delayed, previous } = keys
  const { urls, ca, cert, key } = config.redis
  const client = createPatientClient(urls, { ca, cert, key })
  const blocking = createPatientClient(urls, { blockMs, ca, cert, key })
  for (const [name, script] of Object.entries(queueScripts)) client.defineCommand(name, script)
  for (const each of [client, blocking]) each.on('error', logError)
  const consumer = randomUUID()
  const inFlight = new Map<string, Promise<void>>()
  const closing = new AbortController()
  const ended = new AbortController()
  let freed = Promise.withResolvers<void>()
  let acknowledged = Promise.resolve()

  const isNews = createErrorPacer()

  /** The Redis plugin logs once that Redis is unreachable, so connection errors are logged at debug level here. */
  function logError (error: unknown): void {
    if (isNews(error)) log[isErrorReply(error) ? 'warn' : 'debug']({ err: error }, 'SMS queue')
  }

  /** Workers on machines with other clocks share the delayed jobs. A test that stops `ruleClock` does not stop the queue. */
  const redisNow = () => Math.round(Date.now() + serverTimeOf(redis).distanceMs)

  const countFree = () => config.sms.concurrency - inFlight.size

  async function createGroup (): Promise<void> {
    await client.xgroup('CREATE', jobs, group, '0', 'MKSTREAM').catch((error: Error) => {
      if (!error.message.startsWith('BUSYGROUP')) throw error
    })
  }

  async function receive (): Promise<void> {
    await sleep(gatherMs)
    if (countFree() <= 0) return await freed.promise
    try {
      const reply = await blocking.xreadgroup('GROUP', group, consumer, 'COUNT', countFree(), 'BLOCK', blockMs, 'STREAMS', jobs, '>')
      closing.signal.throwIfAborted()
      for (const [, entries] of (reply ?? []) as Array<[string, Entry[]]>) entries.forEach((entry) => { start(entry) })
    } catch (error) {
      // The group is missing at the first start, and after Redis has lost its data.
      if (!(error instanceof Error) || !error.message.startsWith('NOGROUP')) throw error
      await createGroup()
    }
  }

  /** Gives a sign of life for the jobs in flight, until the end of close. */
  async function keepJobs (): Promise<void> {
    await sleep(checkMs, undefined, { signal: ended.signal })
    const ids = [...inFlight.keys()]
    if (ids.length > 0) await client.call('XCLAIM', jobs, group, consumer, 0, ...ids, 'JUSTID')
  }

  /** Releases the jobs of processes that give no sign of life. */
  async function takeOver (): Promise<void> {
    await sleep(checkMs, undefined, { signal: closing.signal })
    await repeatWhileFull(async () => await client.queueRelease(jobs, delayed, group, idleMs, redisNow() + takeoverPauseMs, ''))
    await client.queueDropIdle(jobs, group, endedAfterMs)
  }

  async function movePrevious (): Promise<void> {
    const moved = await client.queueMovePrevious(jobs, delayed, previous)
    await sleep(moved > 0 ? delayedCheckMs : checkMs, undefined, { signal: closing.signal })
  }

  async function moveDue (): Promise<void> {
    await sleep(delayedCheckMs, undefined, { signal: closing.signal })
    await repeatWhileFull(async () => await client.queueMoveDue(jobs, delayed, redisNow()))
  }

  async function repeat (task: () => Promise<void>, { signal } = closing): Promise<void> {
    while (!signal.aborted) {
      await task().catch(async (error: unknown) => {
        if (signal.aborted) return
        logError(error)
        await sleep(errorPauseMs, undefined, { signal }).catch(() => {})
      })
    }
  }

  function start ([id, fields]: Entry): void {
    const end = run(id, String(fields[1])).catch(logError).finally(() => {
      inFlight.delete(id)
      freed.resolve()
      freed = Promise.withResolvers()
    })
    inFlight.set(id, end)
  }

  async function run (id: string, text: string): Promise<void> {
    const outcome = await runJob(text)
    if (outcome.kind === 'again') await client.zadd(delayed, redisNow() + outcome.afterMs, text)
    // The next job need not wait for it.
    acknowledged = acknowledge(id).catch(logError)
  }

  async function runJob (text: string): Promise<RunOutcome> {
    let deliveryId: string | undefined
    try {
      const job = JSON.parse(text) as QueuedSms
      deliveryId = job.deliveryId
      return await smsDelivery.run(job)
    } catch (error) {
      // An unforeseen error may contain the number, so only its name is logged.
      log.error({ deliveryId, error: getErrorName(error) }, 'SMS job failed')
      return { kind: 'done' }
    }
  }

  /**
   * Uses the connection of the deliveries, so that one write has the commands of both. If Redis does not reply, the entries are
   * released later and run once more, which sends nothing.
   */
  const acknowledge = collect<string>(gatherMs, async (ids) => {
    // In this order, an entry whose second command is lost does not stay in the stream.
    await Promise.all([redis.xdel(jobs, ...ids), redis.xack(jobs, group, ...ids)])
  })

  /** Moves the jobs that this process has received and not completed back to the queue. */
  async function release (): Promise<void> {
    await repeatWhileFull(async () => await client.queueRelease(jobs, delayed, group, 0, redisNow(), consumer))
  }

  for (const task of [receive, takeOver, movePrevious, moveDue]) repeat(task).catch(logError)
  repeat(keepJobs, ended).catch(logError)

  function stopTaking (): void {
    closing.abort()
    blocking.disconnect()
    freed.resolve()
  }

  return {
    stopTaking,
    async close () {
      stopTaking()
      log.info({ outstanding: inFlight.size }, 'completing background tasks')
      await withTimeout(config.process.shutdownSmsSeconds * 1000, Promise.all(inFlight.values()), undefined)
      const left = inFlight.size
      await withTimeout(closeTimeoutMs, acknowledged, undefined)
      await withTimeout(closeTimeoutMs, release().catch(logError), undefined)
      ended.abort()
      // Commands that wait for Redis never settle after this, so the loops are not awaited.
      client.disconnect()
      if (left > 0) log.warn({ outstanding: left }, 'other processes send the remaining SMS, or this one after its next start')
    }
  }
}
