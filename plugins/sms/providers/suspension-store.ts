import type { Cluster, Redis } from 'ioredis'

/** Where instances tell each other which providers are stopped. While Redis is away each knows of its own alone. */
export interface StopBoard {
  /** Notes it for a minute; resolves to whether nobody had. */
  put (provider: string): Promise<boolean>
  has (provider: string): Promise<boolean>
  remove (provider: string): Promise<void>
}

/** As long as a stopped provider is not asked. */
export const stopMs = 60_000

const keyOf = (provider: string) => `sms:stopped:${provider}`

export function createStopBoard (redis: Redis | Cluster | undefined): StopBoard {
  if (redis === undefined) return { put: async () => true, has: async () => false, remove: async () => {} }
  return {
    put: async (provider) => await redis.set(keyOf(provider), '1', 'PX', stopMs, 'GET').then((before) => before === null, () => true),
    has: async (provider) => await redis.exists(keyOf(provider)).then((count) => count === 1, () => false),
    remove: async (provider) => { await redis.del(keyOf(provider)).catch(() => {}) }
  }
}
