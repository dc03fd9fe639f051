import type { Cluster, Redis, RedisOptions } from 'ioredis'
import { createTimeouts } from '../config/timeouts.ts'
import { UnavailableError } from '../http/errors.ts'

/** The client's timer starts with the event-loop turn, so it may fire early by the length of that turn. */
const timerMarginMs = 50
/** Clocks drift apart by far less than a millisecond in this time. */
const trustedForMs = 10_000

export interface Deadlines {
  /** Runs a script that returns `late` (a text or its bytes) and does nothing if it would start after the deadline. */
  run<Value extends string | number | Buffer = string> (script: (deadline: number) => Promise<Value[]>): Promise<Value[]>
}

/** Computes deadlines by the clock of the Redis server. Its offset from the clock of this process is measured every 10 s. */
export function createDeadlines (redis: Redis | Cluster): Deadlines {
  const latestStartMs = getCommandTimeout(redis) - timerMarginMs
  let distanceMs = 0
  let measuredAt = -Infinity

  async function measure (): Promise<void> {
    const before = Date.now()
    const [seconds, microseconds] = await ask(redis.time())
    const after = Date.now()
    distanceMs = Number(seconds) * 1000 + Number(microseconds) / 1000 - (before + after) / 2
    measuredAt = after
  }

  return {
    async run (script) {
      if (Math.abs(Date.now() - measuredAt) > trustedForMs) await measure()
      const reply = await ask(script(Math.ceil(Date.now() + distanceMs + latestStartMs)))
      if (String(reply[0]) !== 'late') return reply
      // A clock may have been set, so the next call measures again.
      measuredAt = -Infinity
      throw new UnavailableError('redis', new Error('the command reached the server too late'))
    }
  }
}

/** Returns the time after which the client abandons a command. */
function getCommandTimeout ({ options }: Redis | Cluster): number {
  const { commandTimeout }: RedisOptions = 'redisOptions' in options ? { ...options.redisOptions } : options
  return commandTimeout ?? createTimeouts(undefined).commandMs
}

/** Turns a failed or late reply of the server into an `UnavailableError`. */
export async function ask<T> (reply: Promise<T>): Promise<T> {
  try {
    return await reply
  } catch (error) {
    throw new UnavailableError('redis', error)
  }
}
