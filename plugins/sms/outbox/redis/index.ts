import type { FastifyInstance } from 'fastify'
import type { Cluster, Redis } from 'ioredis'
import { UnavailableError } from '../../../../src/http/errors.ts'
import { ask } from '../../../../src/redis/deadlines.ts'
import type { QueuedSms, QueueState, Transport } from '../contract.ts'
import { createQueueKeys, group, type QueueKeys } from './keys.ts'
import { queueScripts } from './scripts.ts'
import { workerTimes } from './upkeep.ts'
import { startWorker } from './worker.ts'

/** Number of pausing jobs that are read to find the oldest one. */
const inspectedPaused = 100

/**
 * Creates a queue in Redis: a stream with a consumer group. Its jobs survive the process, and any process with the same secrets
 * runs them. A job may run more than once; the stored deliveries prevent a second SMS. Tests pass shorter times.
 */
export function createRedisTransport (fastify: FastifyInstance & { redis: Redis | Cluster }, times = workerTimes): Transport {
  const { redis, config, secrets } = fastify
  const keys = createQueueKeys(secrets)
  const worker = config.sms.delivers ? startWorker(fastify, keys, times) : undefined
  let isClosing = false
  redis.defineCommand('queueAddOnce', queueScripts.queueAddOnce)

  function assertCapacity (): void {
    if (isClosing) throw new UnavailableError('sms-outbox')
  }

  return {
    assertCapacity,
    async add (job) {
      assertCapacity()
      await ask(redis.xadd(keys.jobs, '*', 'job', JSON.stringify(job)))
    },
    async addAgain (job) {
      assertCapacity()
      await ask(redis.queueAddOnce(keys.jobs, `${keys.again}:${job.deliveryId}`, JSON.stringify(job)))
    },
    inspect: async () => await inspect(redis, keys),
    stopTaking () { worker?.stopTaking() },
    async close () {
      isClosing = true
      await worker?.close()
    }
  }
}

async function inspect (redis: Redis | Cluster, { jobs, delayed }: QueueKeys): Promise<QueueState> {
  const [count, pending, delayedCount, [first], paused] = await Promise.all([
    redis.xlen(jobs),
    // The group does not exist before the first worker.
    redis.xpending(jobs, group).catch(() => [0]),
    redis.zcard(delayed),
    redis.xrange(jobs, '-', '+', 'COUNT', 1),
    redis.zrange(delayed, '0', String(inspectedPaused - 1))
  ])
  const active = Number(pending[0])
  const now = Date.now()
  const moments = paused.map((job) => readQueuedAt(job) ?? now)
  // The id of an entry begins with its time in milliseconds.
  if (first !== undefined) moments.push(readQueuedAt(first[1][1]) ?? parseInt(first[0]))
  return {
    waiting: Math.max(0, count - active), active, delayed: delayedCount, oldestAt: moments.length === 0 ? undefined : Math.min(...moments)
  }
}

/** A job that returned from a pause has a new entry in the stream, so its age is taken from the job itself. */
const readQueuedAt = (job = '{}') => (JSON.parse(job) as Partial<QueuedSms>).queuedAt
