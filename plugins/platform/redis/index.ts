import { once } from 'node:events'
import fp from 'fastify-plugin'
import type { Cluster, Redis } from 'ioredis'
import { retryUntil } from '../../../src/process/retry-until.ts'

/**
 * Connects `redis` by @fastify/redis if REDIS_URL is set. The start waits for the server. While the server is unreachable, every
 * command fails within a second, and the client reconnects by itself. Close quits the connection.
 */
export default fp(async (fastify) => {
  const { config, log, startSignal } = fastify
  const { urls } = config.redis
  if (urls.length === 0) return

  // The client takes 0.1 s of processor time to load, so it is loaded only if it is needed.
  const [{ default: fastifyRedis }, { createClient }] = await Promise.all([import('@fastify/redis'), import('../../../src/redis/client.ts')])
  const { commandMs, redisConnectionMs } = config.process.timeouts
  const client = createClient(urls, { commandMs, redisConnectionMs })
  let isDown = false
  let lastError: unknown = new Error(`no answer within ${redisConnectionMs} ms`)
  // When no node of a cluster replies, the reason is in the error of the last node.
  client.on('error', (error: Error & { lastNodeError?: Error }) => { lastError = error.lastNodeError ?? error })
  try {
    await retryUntil({ dependency: 'Redis', seconds: config.process.startWaitSeconds, log, signal: startSignal }, async () => {
      const signal = AbortSignal.timeout(redisConnectionMs)
      if (client.status !== 'ready') await once(client, 'ready', { signal }).catch(() => { throw lastError })
      await client.ping()
    })
  } catch (error) {
    client.disconnect()
    throw error
  }
  lastError = new Error('the connection was closed')
  client.on('close', () => {
    if (!isDown) log.error({ err: lastError }, 'Redis does not answer')
    isDown = true
  })
  client.on('ready', () => {
    if (isDown) log.info('Redis answers again')
    isDown = false
    lastError = new Error('the connection was closed')
  })

  await fastify.register(fastifyRedis, { client, closeClient: false })
  fastify.addHook('onClose', async () => { await leave(client) })
  fastify.health.add('redis', async () => { await client.ping() })
}, { name: 'redis', dependencies: ['health'], fastify: '5.x' })

/** Closes the connection, even if the server is unreachable and cannot confirm it. */
async function leave (client: Redis | Cluster): Promise<void> {
  client.removeAllListeners('close')
  await client.quit().catch(() => {})
  client.disconnect()
}
