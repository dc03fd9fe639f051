import { setTimeout as sleep } from 'node:timers/promises'

export interface Limits {
  /** Longest time without progress. */
  idleMs: number
  /** Longest time for everything, attempts and the waits between them included. */
  deadlineMs: number
}

/** What one call gives to each of its attempts. */
export interface Call {
  /** Aborted when the time is up; the work must let go of everything then. */
  signal: AbortSignal
  /** Says that bytes went on their way. */
  progress (): void
  /** Ends the call, whatever the server does. */
  fail (error: unknown): void
}

const maximumAttempts = 3
/** Before the second attempt, doubled before the third; up to as much again at random, so that clients do not come back in step. */
const firstWaitMs = 50

/** Does a call on S3, again where that promises anything, and settles within the limits whatever the server does. */
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
    if (attempt === maximumAttempts || call.signal.aborted || !mayPass(error)) throw error
  }
  await sleep(firstWaitMs * 2 ** (attempt - 1) * (1 + Math.random()), undefined, { signal: call.signal })
  call.progress()
  return await repeat(call, work, attempt + 1)
}

/** Of a request that timed out there is no second attempt: the caller waits. */
const passingNetworkErrors = ['ECONNRESET', 'ECONNREFUSED', 'EPIPE']

interface Failure {
  name?: string
  /** Of the connection. */
  code?: string
  /** Of the client, about an answer. */
  $metadata?: { httpStatusCode?: number, clockSkewCorrected?: boolean }
}

function mayPass (error: unknown): boolean {
  const { name, code, $metadata: { httpStatusCode: status, clockSkewCorrected: isClockSet } = {} } = error as Failure
  if (status === undefined) return passingNetworkErrors.includes(String(code))
  // A clock that is off is set right by the client from the refusal.
  if (isClockSet === true || name === 'ConditionalRequestConflict') return true
  return status === 429 || (status >= 500 && status !== 501)
}
