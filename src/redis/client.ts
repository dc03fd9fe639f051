import { Cluster, Redis, type RedisOptions as AnyRedisOptions } from 'ioredis'
import { commandTimeoutMs } from './deadlines.ts'

/** Without another protocol's replies, which the types of the commands do not know. */
type RedisOptions = AnyRedisOptions & { replyMapping?: 'legacy' }

const connectTimeoutMs = 1000
const maximumPauseMs = 500

const options: RedisOptions = {
  commandTimeout: commandTimeoutMs,
  connectTimeout: connectTimeoutMs,
  maxRetriesPerRequest: 0,
  enableOfflineQueue: false,
  // A command that was cut off may have run; run again, it would count twice.
  autoResendUnfulfilledCommands: false,
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

/** As many are not held back any longer: the server would be without work meanwhile. */
const maximumHeld = 8

/**
 * Writes the commands of an event-loop turn together: a write of its own costs each a system call here and one at the
 * server, an eighth of what a sign-up takes of both. Automatic pipelining would hold a turn's commands until those
 * before it are answered.
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
    // There is none before the first connection.
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
  if (others.length === 0) return new TurnwiseRedis(first, redisOptions)
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
