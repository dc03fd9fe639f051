import { setTimeout as sleep } from 'node:timers/promises'

const pauseMs = 10
const withinMs = 10_000

/** Waits for something to become true, and fails when it does not. */
export async function until (what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + withinMs; Date.now() < end;) {
    if (await isTrue()) return
    await sleep(pauseMs)
  }
  throw new Error(`still not true: ${what}`)
}
