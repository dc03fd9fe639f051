import { once } from 'node:events'
import type { Cluster, Redis } from 'ioredis'
import type { Test } from 'tap'
import type { OtpStore } from '../../../plugins/auth/otp-store/contract.ts'
import { createRedisOtpStore } from '../../../plugins/auth/otp-store/redis.ts'
import { createClient } from '../../../src/redis/client.ts'
import { createTimeouts } from '../../../src/config/timeouts.ts'
import { serviceUrl } from '../../support/databases.ts'

/** Connects a client as the service does; it is disconnected after the test. */
export async function connect (t: Test, url = serviceUrl('TEST_REDIS_URL')): Promise<Redis | Cluster> {
  const client = createClient([url], createTimeouts(2500))
  client.on('error', () => {})
  t.teardown(() => { client.disconnect() })
  await once(client, 'ready')
  return client
}

/** Combines the stores of several instances: each call goes to the next one. */
export function spread (instances: OtpStore[]): OtpStore {
  let calls = 0
  function next (): OtpStore {
    const instance = instances[calls++ % instances.length]
    if (instance === undefined) throw new Error('no instances')
    return instance
  }
  return {
    issue: async (...args) => await next().issue(...args),
    verify: async (...args) => await next().verify(...args),
    find: async (...args) => await next().find(...args),
    freeResend: async (...args) => { await next().freeResend(...args) },
    revoke: async (...args) => { await next().revoke(...args) },
    unlock: async (...args) => { await next().unlock(...args) }
  }
}

/** Creates a store that alternates between two instances on one Redis. */
export async function createSpreadStore (t: Test): Promise<OtpStore> {
  return spread([createRedisOtpStore(await connect(t)), createRedisOtpStore(await connect(t))])
}
