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
import { queueScripts } from './scripts.ts'
import { createUpkeep, type WorkerTimes } from './upkeep.ts'

/**
 * Least time between two reads, and longest time before a job is acknowledged: the jobs of this time are read, claimed and
 * acknowledged together, which takes less work for each.
 */
const gatherMs = 10
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

/** Runs the jobs of the stream, up to SMS_CONCURRENCY at once. */
export function startWorker (
  fastify: FastifyInstance & { redis: Redis | Cluster }, keys: QueueKeys, times: WorkerTimes
): Worker {
  const { smsDelivery, redis, config, log } = fastify
  const { jobs, delayed } = keys
  const { blockMs } = times
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

  const { takeOver, movePrevious, moveDue, keepJobs, release } = createUpkeep({
    client, keys, times, consumer, redisNow, listInFlight: () => [...inFlight.keys()], closing: closing.signal, ended: ended.signal
  })
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
