import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'

const pauseMs = 500

export interface RetryOptions {
  /** Name of the dependency, for messages. */
  dependency: string
  /** The attempts end after this time. */
  seconds: number
  log: FastifyBaseLogger
  /** Ends the wait between two attempts. */
  signal?: AbortSignal
}

/** The start failed for a reason that the operator can correct; the message names it. */
export class StartError extends Error {
  override readonly name = 'StartError'
}

/**
 * Repeats the attempt until it succeeds or the time is over, with a pause of 500 ms.
 * @throws {StartError} when the time is over, with the last failure as cause, or at once if the attempt throws one
 * @throws {Error} an AbortError when the signal is aborted
 */
export async function retryUntil ({ dependency, seconds, log, signal }: RetryOptions, attempt: () => Promise<void>): Promise<void> {
  const end = Date.now() + seconds * 1000
  let failure = await findFailure(attempt)
  if (failure !== undefined && Date.now() < end) log.warn(`${dependency} cannot be reached (${failure.reason}); trying for ${seconds} s`)
  while (failure !== undefined) {
    const { reason, cause } = failure
    if (Date.now() >= end) throw new StartError(`${dependency} could not be reached within ${seconds} s: ${reason}`, { cause })
    await sleep(pauseMs, undefined, { signal })
    failure = await findFailure(attempt)
  }
}

async function findFailure (attempt: () => Promise<void>): Promise<{ reason: string, cause: unknown } | undefined> {
  return await attempt().then(() => undefined, (cause: unknown) => {
    if (cause instanceof StartError) throw cause
    return { reason: describeFailure(cause), cause }
  })
}

/** Node reports several refused addresses as an AggregateError without a message of its own. */
function describeFailure (error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(String).join('; ')
  return error instanceof Error ? error.message : String(error)
}
