/** Algorithms of JWTs (RFC 7518, §3.1; RFC 8037). Every library and proxy verifies ES256; EdDSA is known to fewer. */
export const algorithms = ['ES256', 'EdDSA'] as const
export type Algorithm = typeof algorithms[number]

/** When a key signs. Times are milliseconds since the epoch. */
export interface KeyTimes {
  algorithm: Algorithm
  createdAt: number
  signsFrom: number
}

/** A key as it is stored. */
export interface StoredKey extends KeyTimes {
  /** `kid` of its JWTs: the thumbprint of the public key (RFC 7638). */
  id: string
  /** Public part as a JWK. */
  publicKey: Record<string, unknown>
  /** Id of the secret of APP_SECRET that sealed the private part. */
  secretId: string
  /** Private part. */
  sealedKey: string
}

/** A change of the stored keys: the ids of those to delete, and the keys to add. */
export interface KeyChange {
  remove: string[]
  add: StoredKey[]
}

/** The published keys by state. Only `current` signs. */
export interface KeyStates<Key> {
  next: Key[]
  current: Key | undefined
  previous: Key[]
}

const dayMs = 86_400_000
/** How long clients and proxies may keep the published keys, in seconds. */
export const keyCacheSeconds = 300
/** A new key is published for this time before it signs, and an old one after it. Caches of resource servers last minutes to hours. */
export const publishedMs = dayMs

/**
 * Sorts keys by state. It depends on the stored times and the clock alone, so that all instances agree. Keys that have signed
 * nothing for `publishedMs` are left out.
 */
export function sortKeys<Key extends KeyTimes> (keys: readonly Key[], now: number): KeyStates<Key> {
  const started = keys.filter(({ signsFrom }) => signsFrom <= now).sort((a, b) => b.signsFrom - a.signsFrom || b.createdAt - a.createdAt)
  const [current] = started
  // Each key has signed until its successor began.
  const previous = started.slice(1).filter((_key, index) => Number(started[index]?.signsFrom) + publishedMs > now)
  return { next: keys.filter(({ signsFrom }) => signsFrom > now), current, previous }
}

export interface KeyPolicy {
  now: number
  algorithm: Algorithm
  /** Days for which a key signs. */
  lifeDays: number
  /** Creates a key that signs from a moment on. */
  create (signsFrom: number): StoredKey
}

/** A new key is needed if there is none, if the life of the newest is over soon, or if another algorithm is configured. */
export function needsKey<Key extends KeyTimes> (
  { next, current }: KeyStates<Key>, { now, algorithm, lifeDays }: Omit<KeyPolicy, 'create'>
): boolean {
  if (next.length > 0) return false
  if (current === undefined || current.algorithm !== algorithm) return true
  return now >= current.signsFrom + lifeDays * dayMs - publishedMs
}

/**
 * Plans the next key, if one is due or `isForced`, and deletes keys that are no longer published. The next key signs at once only if
 * no other one can.
 */
export function planRotation (keys: readonly StoredKey[], policy: KeyPolicy, isForced = false): KeyChange {
  const { now } = policy
  const states = sortKeys(keys, now)
  const published = new Set([...states.next, ...states.previous, states.current])
  const isDue = needsKey(states, policy) || (isForced && states.next.length === 0)
  return {
    remove: keys.filter((key) => !published.has(key)).map(({ id }) => id),
    add: isDue ? [policy.create(states.current === undefined ? now : now + publishedMs)] : []
  }
}

/** Plans to withdraw every key, after a leak, and a new key that signs at once. */
export function planWithdrawal (keys: readonly StoredKey[], { now, create }: KeyPolicy): KeyChange {
  return { remove: keys.map(({ id }) => id), add: [create(now)] }
}
