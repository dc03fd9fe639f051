import type { FastifyInstance } from 'fastify'
import type { Test } from 'tap'
import type { Clock } from '../../src/process/clock.ts'
import { loadConfig } from '../../src/config/index.ts'
import { buildInstance } from '../../src/process/instance.ts'
import { serviceUrl } from './databases.ts'
import { createEnvironment } from './helper.ts'

/** Instances that share a database, secrets, storage and optionally a Redis, as in production. */
export interface Cluster {
  env: Record<string, string | undefined>
  /** Starts another instance. It is closed after the test, or earlier by the caller. */
  start (overrides?: Record<string, string | undefined>, clock?: Clock): Promise<FastifyInstance>
}

export async function createCluster (t: Test, { hasRedis = false } = {}): Promise<Cluster> {
  const env = await createEnvironment(t, hasRedis ? { REDIS_URL: serviceUrl('TEST_REDIS_URL') } : {})
  return {
    env,
    async start (overrides = {}, clock) {
      const config = loadConfig({ ...env, ...overrides })
      const instance = await buildInstance({ config, ...(clock === undefined ? {} : { clock }) })
      t.teardown(async () => { await instance.close() })
      return instance
    }
  }
}
