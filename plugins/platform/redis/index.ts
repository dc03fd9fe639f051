import { once } from 'node:events'
import fp from 'fastify-plugin'
import type { Cluster, Redis } from 'ioredis'
import { repeatEvery } from '../../../src/process/periodic.ts'
import { retryUntil, StartError } from '../../../src/process/retry-until.ts'
import { followServerClock } from '../../../src/process/server-clock.ts'
import { explainFailure, isErrorReply, refusesWrites } from '../../../src/redis/failures.ts'
import { findMissingRights } from '../../../src/redis/rights.ts'
import { serverTimeOf } from '../../../src/redis/server-time.ts'
import { probe, reconnect } from './probe.ts'
import { checkSafety } from './safety.ts'
import { createRedisWatch } from './watch.ts'

const probeEveryMs = 1000

/** The client takes 0.1 s of processor time to load, so it is loaded only if it is needed. */
async function loadClient () {
  const { default: fastifyRedis } = await import('@fastify/redis')
  const { createClient } = await import('../../../src/redis/client.ts')
  return { fastifyRedis, createClient }
}

/**
 * Connects `redis` by @fastify/redis if REDIS_URL is set. The start waits for the server. While the server is unreachable, every
 * command fails within a second, and the client reconnects by itself, also from a replica. Close quits the connection.
 */
export default fp(async (fastify) => {
  const { config, log, startSignal } = fastify
  const { urls, allowsEviction } = config.redis
  if (urls.length === 0) return

  const { fastifyRedis, createClient } = await loadClient()
  const { commandMs, redisConnectionMs } = config.process.timeouts
  const client = createClient(urls, { commandMs, redisConnectionMs, ...config.redis })
  const isEncrypted = urls[0]?.startsWith('rediss') === true
  // Redis does not reply to the greeting of TLS at a port without TLS.
  const hint = isEncrypted ? '; its port may not use TLS' : ''
  let lastError: unknown = new Error(`no answer within ${redisConnectionMs} ms${hint}`)
  // When no node of a cluster replies, the reason is in the error of the last node.
  client.on('error', (error: Error & { lastNodeError?: Error }) => {
    lastError = explainFailure(error.lastNodeError ?? error, { isEncrypted })
  })
  try {
    await retryUntil({ dependency: 'Redis', seconds: config.process.startWaitSeconds, log, signal: startSignal }, async () => {
      const signal = AbortSignal.timeout(redisConnectionMs)
      if (client.status !== 'ready') await once(client, 'ready', { signal }).catch(() => { throw lastError })
      await probe(client).catch((error: unknown) => { if (!isUsable(error)) throw error })
    })
    await ensureRights(client)
    await checkSafety(client, { log, refusesEviction: config.process.mode === 'production' && !allowsEviction })
  } catch (error) {
    client.disconnect()
    throw error
  }

  const watch = createRedisWatch({ log, probe: async () => { await probe(client) }, reconnect: () => { reconnect(client) } })
  lastError = new Error('the connection was closed')
  client.on('close', () => { watch.lose(lastError) })
  client.on('ready', () => {
    lastError = new Error('the connection was closed')
    watch.check().catch(watch.lose)
  })
  await followServerClock(fastify, { server: 'redis', clock: fastify.ruleClock, measure: serverTimeOf(client).measure })
  await fastify.register(fastifyRedis, { client, closeClient: false })
  fastify.addHook('onClose', async () => { await leave(client) })
  repeatEvery(fastify, { everyMs: probeEveryMs, run: watch.check, failure: 'the probe of Redis failed' })
  fastify.health.add('redis', async () => {
    try {
      await probe(client)
    } catch (error) {
      if (isErrorReply(error)) return 'refusing'
      throw error
    }
  })
}, { name: 'redis', dependencies: ['health'], fastify: '5.x' })

/** Whether the start may go on: the server answers, although it refuses writes for now, or refuses them to this user. */
function isUsable (error: unknown): boolean {
  return refusesWrites(error) || (error instanceof Error && error.message.startsWith('NOPERM'))
}

/** @throws {StartError} naming the rights that the user lacks */
async function ensureRights (client: Redis | Cluster): Promise<void> {
  const missing = await findMissingRights(client)
  if (missing.length === 0) return
  throw new StartError(`The Redis user of REDIS_URL lacks rights. Grant them by ACL SETUSER: ${missing.join(' ')}`)
}

/** Closes the connection, even if the server is unreachable and cannot confirm it. */
async function leave (client: Redis | Cluster): Promise<void> {
  client.removeAllListeners('close')
  await client.quit().catch(() => {})
  client.disconnect()
}
