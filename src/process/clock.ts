import { setTimeout as sleep } from 'node:timers/promises'

/** The source of time. The service reads and waits through it, so that a test can advance it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now (): number
  sleep (milliseconds: number): Promise<void>
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (milliseconds) => { await sleep(milliseconds) }
}
