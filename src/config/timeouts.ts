/** How long a request waits for PostgreSQL, Redis or the storage before it fails with a 503. */
export interface DependencyTimeouts {
  /** A free connection of the PostgreSQL pool. */
  connectionMs: number
  /** A statement, and an idle transaction. */
  statementMs: number
  /** The reply to a probe of PostgreSQL, which finds out that a server froze. */
  probeMs: number
  /** A Redis command. */
  commandMs: number
  /** A new Redis connection. */
  redisConnectionMs: number
  /** A health check. */
  healthMs: number
  /** A call of S3 that carries no file: without progress, and in all. */
  storageIdleMs: number
  storageMs: number
}

/**
 * A lost server is reported within a second, so the waits that a request may have one after the other (two Redis commands)
 * stay below a second together. Statements are index lookups and inserts: none needs 3 s.
 */
const defaults: DependencyTimeouts = {
  connectionMs: 900,
  statementMs: 3000,
  probeMs: 500,
  commandMs: 450,
  redisConnectionMs: 1000,
  healthMs: 900,
  storageIdleMs: 2000,
  storageMs: 3000
}

/** The defaults, or the same time for each. */
export function createTimeouts (milliseconds: number | undefined): DependencyTimeouts {
  if (milliseconds === undefined) return { ...defaults }
  return Object.fromEntries(Object.keys(defaults).map((name) => [name, milliseconds])) as Record<keyof DependencyTimeouts, number>
}
