import { setTimeout as sleep } from 'node:timers/promises'

const pauseMs = 10

/** Limit of every wait in a test, far above the time on a machine whose cores are all busy. */
export const waitLimitMs = 60_000

/**
 * Bound of assertions on real time that a call does not wait for a dependency that never replies. A call without a deadline takes
 * longer; a call with a deadline of a second or two ends earlier even if all cores are busy.
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
