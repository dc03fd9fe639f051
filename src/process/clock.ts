import { setTimeout as sleep } from 'node:timers/promises'

/** Where the service reads the time and waits for it to pass, so that a test can move it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now (): number
  sleep (milliseconds: number): Promise<void>
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (milliseconds) => { await sleep(milliseconds) }
}
