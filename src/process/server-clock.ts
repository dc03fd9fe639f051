import type { FastifyInstance } from 'fastify'
import type { Clock } from './clock.ts'
import { repeatEvery } from './periodic.ts'

/**
 * A clock that agrees with that of a server, so that all instances which use the server agree with each other, however wrong the
 * clocks of their machines are.
 */
export interface ServerClock extends Clock {
  /** Milliseconds by which the clock of this instance is ahead of the server's clock; 0 before the first measurement. */
  readonly aheadMs: number
  /** Takes over a measurement: the server's clock minus the clock of this machine, in milliseconds. */
  follow (distanceMs: number): void
}

/**
 * A clock that is off by more than this is reported, and corrected. Smaller distances are within the accuracy that lives of codes
 * and cooldowns need, and correcting them would make time jump with each inexact measurement.
 */
const toleranceMs = 2000
/** Clocks drift apart by far less than a millisecond in this time, but they may be set. */
const measureEveryMs = 5000

/** Creates a clock that agrees with `clock` until it follows a server. */
export function createServerClock (clock: Clock): ServerClock {
  // Only a test has another clock than the machine, and moves it, so this distance is measured once.
  const injectedMs = Date.now() - clock.now()
  let measuredMs = 0
  let appliedMs = 0
  return {
    now: () => clock.now() + appliedMs,
    sleep: async (milliseconds) => { await clock.sleep(milliseconds) },
    get aheadMs () { return 0 - measuredMs },
    follow (distanceMs) {
      measuredMs = Math.round(distanceMs + injectedMs)
      if (Math.abs(measuredMs - appliedMs) > toleranceMs) appliedMs = measuredMs
    }
  }
}

export interface ServerClockOptions {
  server: 'redis' | 'postgres'
  clock: ServerClock
  /** Measures the server's clock minus the clock of this machine, in milliseconds. */
  measure (): Promise<number>
  /** Tests pass a shorter time. */
  everyMs?: number
}

/**
 * Measures the distance to a server's clock now and every 5 s. While this instance is more than 2 s off, its readiness is degraded
 * by `clock:<server>`; the log says when that begins and ends. A measurement that fails leaves the last one in force.
 */
export async function followServerClock (fastify: FastifyInstance, { server, clock, measure, everyMs = measureEveryMs }: ServerClockOptions): Promise<void> {
  const { log, health } = fastify
  let wasOff = false

  async function follow (): Promise<void> {
    clock.follow(await measure())
    const seconds = clock.aheadMs / 1000
    const isOff = Math.abs(clock.aheadMs) > toleranceMs
    if (isOff && !wasOff) log.error({ server, seconds }, 'the clock of this machine is wrong, or that of the server: synchronize both')
    if (!isOff && wasOff) log.info({ server, seconds }, 'the clock of this machine agrees with that of the server again')
    health.setDegraded(`clock:${server}`, isOff)
    wasOff = isOff
  }

  async function run (): Promise<void> {
    await follow().catch((error: unknown) => { log.debug({ err: error, server }, 'the clock of the server could not be read') })
  }

  await run()
  repeatEvery(fastify, { everyMs, run, failure: 'the clocks were not compared' })
}
