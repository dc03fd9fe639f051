import type { Cluster, Redis, RedisOptions } from 'ioredis'
import { createTimeouts } from '../config/timeouts.ts'
import { UnavailableError } from '../http/errors.ts'
import { serverTimeOf } from './server-time.ts'

/** The client's timer starts with the event-loop turn, so it may fire early by the length of that turn. */
const timerMarginMs = 50

export interface Deadlines {
  /** Runs a script that returns `late` (a text or its bytes) and does nothing if it would start after the deadline. */
  run<Value extends string | number | Buffer = string> (script: (deadline: number) => Promise<Value[]>): Promise<Value[]>
}

/** Computes deadlines by the clock of the Redis server. Its distance from the clock of this process is measured every 10 s at least. */
export function createDeadlines (redis: Redis | Cluster): Deadlines {
  const latestStartMs = getCommandTimeout(redis) - timerMarginMs
  const time = serverTimeOf(redis)
  return {
    async run (script) {
      if (time.isStale) await ask(time.measure())
      const reply = await ask(script(Math.ceil(Date.now() + time.distanceMs + latestStartMs)))
      if (String(reply[0]) !== 'late') return reply
      // A clock may have been set, so the next call measures again.
      time.distrust()
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
