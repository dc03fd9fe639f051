import { Cluster, Redis, type RedisOptions } from 'ioredis'
import { commandTimeoutMs } from '../../src/redis-deadlines.ts'

const connectTimeoutMs = 1000
const maximumPauseMs = 500

const options: RedisOptions = {
  commandTimeout: commandTimeoutMs,
  connectTimeout: connectTimeoutMs,
  maxRetriesPerRequest: 0,
  enableOfflineQueue: false,
  // A command that was cut off may have run; run again, it would count twice.
  autoResendUnfulfilledCommands: false,
  // Without automatic pipelining, which keeps commands back until those before them are answered.
  retryStrategy: pauseBefore
}

function pauseBefore (attempt: number): number {
  return Math.min(50 * attempt, maximumPauseMs)
}

/** For work in the background: commands wait for a server that is away, and run once it is back. */
const patient: RedisOptions = {
  connectTimeout: connectTimeoutMs,
  maxRetriesPerRequest: null,
  retryStrategy: pauseBefore
}
/** A way that died without a word is found out by this; a patient client is asked something each 2 s. */
const silenceMs = 3000

/** One URL is a server, several are the nodes of a Redis Cluster. */
export function createClient (urls: readonly string[]): Redis | Cluster {
  return createWith(urls, options)
}

/** A client whose commands wait for a server that is away. `isBlocking`: for commands that wait for something to come. */
export function createPatientClient (urls: readonly string[], { isBlocking = false } = {}): Redis | Cluster {
  return createWith(urls, isBlocking ? patient : { ...patient, socketTimeout: silenceMs })
}

function createWith (urls: readonly string[], redisOptions: RedisOptions): Redis | Cluster {
  const [first, ...others] = urls
  if (first === undefined) throw new TypeError('a Redis client needs a URL')
  if (others.length === 0) return new Redis(first, redisOptions)
  const { username, password, protocol } = new URL(first)
  const { enableOfflineQueue = true } = redisOptions
  return new Cluster([...urls], {
    enableOfflineQueue,
    clusterRetryStrategy: pauseBefore,
    redisOptions: {
      ...redisOptions,
      ...(username === '' ? {} : { username: decodeURIComponent(username) }),
      ...(password === '' ? {} : { password: decodeURIComponent(password) }),
      ...(protocol === 'rediss:' ? { tls: {} } : {})
    }
  })
}
