/** Times after which a request that waits for PostgreSQL, Redis or the storage fails with 503. */
export interface DependencyTimeouts {
  /** A free connection of the PostgreSQL pool. */
  connectionMs: number
  /** A statement, and an idle transaction. */
  statementMs: number
  /** The reply to a probe of PostgreSQL, which detects a frozen server. */
  probeMs: number
  /** A Redis command. */
  commandMs: number
  /** A new Redis connection. */
  redisConnectionMs: number
  /** A health check. */
  healthMs: number
  /** Progress of an S3 call without a file. */
  storageIdleMs: number
  /** A whole S3 call without a file. */
  storageMs: number
}

/**
 * A request reports a lost server within a second. It may run two Redis commands in turn, whose timeouts therefore stay below a
 * second together. A statement is an index lookup or an insert and never needs 3 s.
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

/** Returns the defaults, or the given time for all of them. */
export function createTimeouts (milliseconds: number | undefined): DependencyTimeouts {
  if (milliseconds === undefined) return { ...defaults }
  return Object.fromEntries(Object.keys(defaults).map((name) => [name, milliseconds])) as Record<keyof DependencyTimeouts, number>
}
