import { Cluster, Redis, type RedisOptions as AnyRedisOptions } from 'ioredis'
import { parseRedisUrls, type RedisCertificates, type RedisServer, type RedisTls } from '../config/redis-url.ts'
import type { DependencyTimeouts } from '../config/timeouts.ts'
import { leaveReplica } from './replica.ts'

/** Only legacy replies are allowed, because the types of the commands describe no others. */
type RedisOptions = AnyRedisOptions & { replyMapping?: 'legacy' }

const connectTimeoutMs = 1000
const maximumPauseMs = 500

/** Options for requests: commands fail early while the server is unreachable. */
const impatient: RedisOptions = {
  maxRetriesPerRequest: 0,
  enableOfflineQueue: false,
  // An interrupted command may have run; a second run would count twice.
  autoResendUnfulfilledCommands: false
}

function pauseBefore (attempt: number): number {
  return Math.min(50 * attempt, maximumPauseMs)
}

/** Options for background work: commands wait while the server is unreachable, and run when it is back. */
const patient: RedisOptions = {
  connectTimeout: connectTimeoutMs,
  maxRetriesPerRequest: null
}
/** Detects a silently dropped connection: patient clients send a command at least every 2 s. */
const silenceMs = 3000

/**
 * Time between two readings of the slots of a cluster. A node that no longer answers and keeps its connections tells nothing of a
 * failover, which ioredis otherwise learns from a redirection or from the end of a connection.
 */
const slotsRefreshMs = 1000

/** Flushes after this many commands, so that the server does not wait for work. */
const maximumHeld = 32

/**
 * Writes the commands of an event-loop turn together, up to 32 at once, because each separate write costs a system call on
 * both sides. This reduced the cost of a sign-up for the service and Redis by 16 %, measured in benchmark rounds that alternated
 * with the previous version. The automatic pipelining of ioredis cannot replace it: it holds the commands of a turn until Redis
 * has answered the earlier ones.
 */
class TurnwiseRedis extends Redis {
  #held = 0
  #corked: Redis['stream'] | undefined

  override sendCommand (...command: Parameters<Redis['sendCommand']>): unknown {
    if (this.#corked === undefined) this.#hold()
    const reply = super.sendCommand(...command)
    this.#held += 1
    if (this.#held >= maximumHeld) this.#release()
    return reply
  }

  #hold (): void {
    // The stream is missing before the first connection.
    this.#corked = this.stream as Redis['stream'] | undefined
    this.#corked?.cork()
    setImmediate(() => { this.#release() })
  }

  #release (): void {
    this.#corked?.uncork()
    this.#corked = undefined
    this.#held = 0
  }
}

export type RedisTimeouts = Pick<DependencyTimeouts, 'commandMs' | 'redisConnectionMs'>

/**
 * Creates a client of a server, of the master that sentinels name, or of a Redis Cluster when there are several URLs.
 * @throws {TypeError} if a URL is malformed or a certificate cannot be read
 */
export function createClient (
  urls: readonly string[], { commandMs, redisConnectionMs, ...certificates }: RedisTimeouts & RedisCertificates
): Redis | Cluster {
  return createWith(parseRedisUrls(urls, certificates), {
    ...impatient, commandTimeout: commandMs, connectTimeout: redisConnectionMs, reconnectOnError: leaveReplica('refuse')
  })
}

/**
 * Creates a client whose commands wait while the server is unreachable. `blockMs` is the longest time that a command of it waits for
 * data.
 * @throws {TypeError} as `createClient`
 */
export function createPatientClient (
  urls: readonly string[], { blockMs = 0, ...certificates }: { blockMs?: number } & RedisCertificates = {}
): Redis | Cluster {
  return createWith(parseRedisUrls(urls, certificates), {
    ...patient, socketTimeout: silenceMs + blockMs, reconnectOnError: leaveReplica('resend')
  })
}

function createWith (server: RedisServer, clientOptions: RedisOptions): Redis | Cluster {
  const options: RedisOptions = {
    ...clientOptions,
    retryStrategy: pauseBefore,
    // The check runs INFO, which a user may not be permitted to run, and prints a line when it is refused.
    enableReadyCheck: false,
    family: server.family,
    ...toCredentials(server),
    ...(server.tls === undefined ? {} : { tls: toTls(server.tls) })
  }
  if (server.isCluster) return createCluster(server, options)
  const target = server.sentinel === undefined ? server.nodes[0] : toSentinels(server, server.sentinel)
  return new TurnwiseRedis({ ...options, db: server.database, ...target })
}

function createCluster ({ nodes, tls }: RedisServer, { enableOfflineQueue = true, retryStrategy: _, ...redisOptions }: RedisOptions): Cluster {
  return new Cluster([...nodes], {
    enableOfflineQueue,
    clusterRetryStrategy: pauseBefore,
    slotsRefreshInterval: slotsRefreshMs,
    // The certificate of a node is checked against the name that the node announces, so names are not resolved before.
    ...(tls === undefined ? {} : { dnsLookup: (host: string, done: (error: null, address: string) => void) => { done(null, host) } }),
    redisOptions
  })
}

/** Returns the options that make a client ask the sentinels for the current master, at each connection anew. */
function toSentinels (
  { nodes, tls }: RedisServer, { masterName, username, password, isEncrypted }: NonNullable<RedisServer['sentinel']>
): RedisOptions {
  return {
    sentinels: [...nodes],
    name: masterName,
    sentinelRetryStrategy: pauseBefore,
    ...(username === undefined ? {} : { sentinelUsername: username }),
    ...(password === undefined ? {} : { sentinelPassword: password }),
    ...(isEncrypted && tls !== undefined ? { sentinelTLS: toTls(tls) } : {}),
    enableTLSForSentinelMode: tls !== undefined
  }
}

function toCredentials ({ username, password }: RedisServer): RedisOptions {
  return { ...(username === undefined ? {} : { username }), ...(password === undefined ? {} : { password }) }
}

/** Leaves out what is not set, since an undefined field would replace the default of Node. */
function toTls (tls: RedisTls): NonNullable<RedisOptions['tls']> {
  return Object.fromEntries(Object.entries(tls).filter(([, value]) => value !== undefined))
}
