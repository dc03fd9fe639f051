import { setTimeout as sleep } from 'node:timers/promises'

export interface Limits {
  /** Longest time without progress. */
  idleMs: number
  /** Longest time for the whole call, including all attempts and the pauses between them. */
  deadlineMs: number
}

/** Passed to each attempt of a call. */
export interface Call {
  /** Aborts when a limit is exceeded; the work must release its resources then. */
  signal: AbortSignal
  /** Restarts the idle limit, because bytes were sent. */
  progress (): void
  /** Fails the call at once. */
  fail (error: unknown): void
}

const maximumAttempts = 3
/**
 * Pause before the second attempt, doubled before the third. Each has a jitter of up to its length, so that clients do not
 * retry in step.
 */
const firstPauseMs = 50

/**
 * Calls S3, retries transient failures, and ends within the limits whatever the server does. `withTimeout` cannot replace it:
 * both limits must abort the work, and progress extends one of them.
 */
export async function attemptCall<T> ({ idleMs, deadlineMs }: Limits, work: (call: Call) => Promise<T>): Promise<T> {
  const ended = new AbortController()
  const idle = setTimeout(() => { ended.abort(new Error(`S3 did nothing for ${idleMs} ms`)) }, idleMs)
  const deadline = setTimeout(() => { ended.abort(new Error(`S3 was not done within ${deadlineMs} ms`)) }, deadlineMs)
  const call: Call = {
    signal: ended.signal,
    progress () { idle.refresh() },
    fail (error) { ended.abort(error) }
  }
  const interrupted = new Promise<never>((_resolve, reject) => {
    ended.signal.addEventListener('abort', () => { reject(ended.signal.reason) }, { once: true })
  })
  try {
    return await Promise.race([interrupted, repeat(call, work)])
  } finally {
    clearTimeout(idle)
    clearTimeout(deadline)
  }
}

async function repeat<T> (call: Call, work: (call: Call) => Promise<T>, attempt = 1): Promise<T> {
  try {
    return await work(call)
  } catch (error) {
    if (attempt === maximumAttempts || call.signal.aborted || !isTransient(error)) throw error
  }
  await sleep(firstPauseMs * 2 ** (attempt - 1) * (1 + Math.random()), undefined, { signal: call.signal })
  call.progress()
  return await repeat(call, work, attempt + 1)
}

/** Network errors that are retried. A timeout is not, because the caller has waited already. */
const transientNetworkErrors = ['ECONNRESET', 'ECONNREFUSED', 'EPIPE']

interface Failure {
  name?: string
  /** Code of a network error. */
  code?: string
  /** Set by the client if the server responded. */
  $metadata?: { httpStatusCode?: number, clockSkewCorrected?: boolean }
}

function isTransient (error: unknown): boolean {
  const { name, code, $metadata: { httpStatusCode: status, clockSkewCorrected: isClockSet } = {} } = error as Failure
  if (status === undefined) return transientNetworkErrors.includes(String(code))
  // After a refusal because of clock skew, the client has corrected its clock.
  if (isClockSet === true || name === 'ConditionalRequestConflict') return true
  return status === 429 || (status >= 500 && status !== 501)
}
