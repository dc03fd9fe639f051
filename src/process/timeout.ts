import { setTimeout as sleep } from 'node:timers/promises'

/** Waits for the work, but no longer than this; says whether it was done by then. */
export async function within (milliseconds: number, work: Promise<unknown>): Promise<boolean> {
  const deadline = new AbortController()
  const isOver = sleep(milliseconds, false, { signal: deadline.signal }).catch(() => false)
  try {
    return await Promise.race([work.then(() => true), isOver])
  } finally {
    deadline.abort()
  }
}
