import { setTimeout as sleep } from 'node:timers/promises'

/** The source of time. The service reads and waits through it, so that a test can advance it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now (): number
  sleep (milliseconds: number): Promise<void>
  /** Set for a clock that a test moves by hand. It stands for the clock of PostgreSQL too, since no row would expire otherwise. */
  isSimulated?: boolean
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (milliseconds) => { await sleep(milliseconds) }
}
