import type { Cluster, Redis } from 'ioredis'
import { UnavailableError } from '../http/errors.ts'

/**
 * After this a client gives a command up: by default it waits over a minute for a server that is away, and for ever for
 * one that froze. A request asks two things in turn, so twice this must stay under a second.
 */
export const commandTimeoutMs = 450
/** The client's timer starts with the event-loop turn, and may be early by as much as the turn takes. */
const startWithinMs = commandTimeoutMs - 50
/** Clocks drift apart by far less than a millisecond in this time. */
const trustedForMs = 10_000

export interface Deadlines {
  /** Runs a script that refuses, as `late` (a text or its bytes), to start after the deadline it is given. */
  run<Value extends string | number | Buffer = string> (script: (deadline: number) => Promise<Value[]>): Promise<Value[]>
}

/** Deadlines by the clock of the Redis server, whose distance to ours is measured now and then. */
export function createDeadlines (redis: Redis | Cluster): Deadlines {
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
      const reply = await ask(script(Math.ceil(Date.now() + distanceMs + startWithinMs)))
      if (String(reply[0]) !== 'late') return reply
      // Or a clock was set: the next one measures anew.
      measuredAt = -Infinity
      throw new UnavailableError('redis', new Error('the command reached the server too late'))
    }
  }
}

/** What the server cannot do, or does not do in time, is an `UnavailableError`. */
export async function ask<T> (reply: Promise<T>): Promise<T> {
  try {
    return await reply
  } catch (error) {
    throw new UnavailableError('redis', error)
  }
}
