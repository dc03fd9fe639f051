import type { Cluster, Redis } from 'ioredis'

/** Shares suspensions of providers between instances. Without a reply from Redis each instance knows only its own. */
export interface SuspensionStore {
  /** Stores a suspension for a minute; resolves to whether it is the first of all instances. */
  put (provider: string): Promise<boolean>
  has (provider: string): Promise<boolean>
  remove (provider: string): Promise<void>
}

/** A suspended provider is not called for this long. */
export const suspensionMs = 60_000

const toKey = (provider: string) => `sms:stopped:${provider}`

/** Creates a store. A service without Redis has one instance, which needs no store. */
export function createSuspensionStore (redis: Redis | Cluster | undefined): SuspensionStore {
  if (redis === undefined) return { put: async () => true, has: async () => false, remove: async () => {} }
  return {
    async put (provider) {
      return await redis.set(toKey(provider), '1', 'PX', suspensionMs, 'GET').then((before) => before === null, () => true)
    },
    has: async (provider) => await redis.exists(toKey(provider)).then((count) => count === 1, () => false),
    remove: async (provider) => { await redis.del(toKey(provider)).catch(() => {}) }
  }
}
