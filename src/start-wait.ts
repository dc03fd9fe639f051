import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'

const pauseMs = 500

export interface StartWait {
  /** Name of the dependency, for people. */
  what: string
  seconds: number
  log: FastifyBaseLogger
}

/** The start gives up; the message says on what and why. */
export class StartError extends Error {
  override readonly name = 'StartError'
}

/**
 * Tries to reach a dependency until it answers or the time is over.
 * @throws {StartError} with the last reason as cause
 */
export async function retryUntil ({ what, seconds, log }: StartWait, attempt: () => Promise<void>): Promise<void> {
  const end = Date.now() + seconds * 1000
  for (let isFirst = true; ; isFirst = false) {
    try {
      return await attempt()
    } catch (error) {
      const reason = error instanceof Error ? reasonOf(error) : String(error)
      if (Date.now() >= end) throw new StartError(`${what} could not be reached within ${seconds} s: ${reason}`, { cause: error })
      if (isFirst) log.warn(`${what} cannot be reached (${reason}); trying for ${seconds} s`)
      await sleep(pauseMs)
    }
  }
}

/** Several addresses that were all refused come as an AggregateError without a message of its own. */
function reasonOf (error: Error): string {
  if (error instanceof AggregateError) return error.errors.map(String).join('; ')
  return error.message
}
