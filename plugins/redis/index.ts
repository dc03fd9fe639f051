import fastifyRedis from '@fastify/redis'
import fp from 'fastify-plugin'
import type { Cluster, Redis } from 'ioredis'
import { listOf } from '../../src/config.ts'
import { retryUntil } from '../../src/start-wait.ts'
import { createClient } from './client.ts'

/**
 * Offers `redis` by @fastify/redis where REDIS_URL is set. Start waits for the server; while it is away every
 * command fails within a second, and the client comes back by itself.
 */
export default fp(async (fastify) => {
  const { config, log } = fastify
  const urls = listOf(config.REDIS_URL)
  if (urls.length === 0) return

  const client = createClient(urls)
  let isDown = false
  let lastError = new Error('no connection yet')
  client.on('error', (error: Error) => { lastError = error })
  try {
    await retryUntil({ what: 'Redis', seconds: config.START_WAIT_SECONDS, log }, async () => {
      if (client.status !== 'ready') throw lastError
      await client.ping()
    })
  } catch (error) {
    client.disconnect()
    throw error
  }
  client.on('close', () => {
    if (!isDown) log.error({ err: lastError }, 'Redis does not answer')
    isDown = true
  })
  client.on('ready', () => {
    if (isDown) log.info('Redis answers again')
    isDown = false
  })

  await fastify.register(fastifyRedis, { client, closeClient: false })
  fastify.addHook('onClose', async () => { await leave(client) })
  fastify.health.add('redis', async () => { await client.ping() })
}, { name: 'redis', dependencies: ['health'], fastify: '5.x' })

/** A server that is away cannot be told goodbye. */
async function leave (client: Redis | Cluster): Promise<void> {
  client.removeAllListeners('close')
  await client.quit().catch(() => {})
  client.disconnect()
}
