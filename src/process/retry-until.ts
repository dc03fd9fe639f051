import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'

const pauseMs = 500

export interface StartWait {
  /** Name of the dependency, for people. */
  what: string
  seconds: number
  log: FastifyBaseLogger
  /** Ends the waiting. */
  signal?: AbortSignal
}

/** The start gives up; the message says on what and why. */
export class StartError extends Error {
  override readonly name = 'StartError'
}

/**
 * Tries to reach a dependency until it answers or the time is over.
 * @throws {StartError} with the last reason as cause; an AbortError when it was interrupted
 */
export async function retryUntil ({ what, seconds, log, signal }: StartWait, attempt: () => Promise<void>): Promise<void> {
  const end = Date.now() + seconds * 1000
  let failure = await failureOf(attempt)
  if (failure !== undefined && Date.now() < end) log.warn(`${what} cannot be reached (${failure.reason}); trying for ${seconds} s`)
  while (failure !== undefined) {
    const { reason, cause } = failure
    if (Date.now() >= end) throw new StartError(`${what} could not be reached within ${seconds} s: ${reason}`, { cause })
    await sleep(pauseMs, undefined, { signal })
    failure = await failureOf(attempt)
  }
}

async function failureOf (attempt: () => Promise<void>): Promise<{ reason: string, cause: unknown } | undefined> {
  return await attempt().then(() => undefined, (cause: unknown) => ({ reason: reasonOf(cause), cause }))
}

/** Several addresses that were all refused come as an AggregateError without a message of its own. */
function reasonOf (error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(String).join('; ')
  return error instanceof Error ? error.message : String(error)
}
