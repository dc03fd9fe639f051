import { setTimeout as sleep } from 'node:timers/promises'

const pauseMs = 10

/** Limit on anything that a test waits for, far above what it takes while all cores are busy with other work. */
export const waitLimitMs = 60_000

/**
 * Bound in assertions on real time, where something must not wait for a dependency that never answers: a call without a deadline
 * takes longer, a call with its deadline of a second or two is done before it even while all cores are busy.
 */
export const promptMs = 15_000

/** Polls until the condition holds; throws after `waitLimitMs`. */
export async function until (what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + waitLimitMs; Date.now() < end;) {
    if (await isTrue()) return
    await sleep(pauseMs)
  }
  throw new Error(`still not true after ${waitLimitMs} ms: ${what}`)
}
