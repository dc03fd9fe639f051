import { hash } from 'node:crypto'
import type { Cluster, Redis } from 'ioredis'

/** Shares suspensions of providers between instances. Without a reply from Redis each instance knows only its own. */
export interface SuspensionStore {
  /** Stores a suspension for a minute; resolves to whether it is the first of all instances. */
  put (provider: string, cause?: SuspensionCause): Promise<boolean>
  /** Returns whether a receipt caused a stored suspension. Rejects without a reply from Redis. */
  isReported (provider: string): Promise<boolean>
  has (provider: string): Promise<boolean>
  remove (provider: string): Promise<void>
}

/** A refused call, which each instance notices itself, or a receipt, which arrives at any instance. */
export type SuspensionCause = 'reply' | 'receipt'

/** A suspended provider is not called for this long. */
export const suspensionMs = 60_000
const tagLength = 8

const toKey = (provider: string) => `sms:stopped:${provider}`

/**
 * Creates a store. A service without Redis has one instance, which needs no store. Receipts concern only the instances with the
 * same PHONE_HASH_SECRET, since other services may share the Redis and not the account at the provider.
 */
export function createSuspensionStore (redis: Redis | Cluster | undefined, phoneHashSecret = ''): SuspensionStore {
  if (redis === undefined) return { put: async () => true, isReported: async () => false, has: async () => false, remove: async () => {} }
  const receipt = `receipt ${hash('sha256', `sms suspension ${phoneHashSecret}`, 'base64url').slice(0, tagLength)}`
  return {
    async put (provider, cause = 'reply') {
      return await redis.set(toKey(provider), cause === 'receipt' ? receipt : '1', 'PX', suspensionMs, 'GET').then((before) => before === null, () => true)
    },
    isReported: async (provider) => await redis.get(toKey(provider)).then((cause) => cause === receipt),
    has: async (provider) => await redis.exists(toKey(provider)).then((count) => count === 1, () => false),
    remove: async (provider) => { await redis.del(toKey(provider)).catch(() => {}) }
  }
}
