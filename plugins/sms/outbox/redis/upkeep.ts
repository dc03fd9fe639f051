import { setTimeout as sleep } from 'node:timers/promises'
import type { Cluster, Redis } from 'ioredis'
import { group, type QueueKeys } from './keys.ts'
import { maximumMoved } from './scripts.ts'

/** Times that determine how fast a worker notices changes in Redis. */
export interface WorkerTimes {
  /** Processes that give no sign of life for this time have lost their jobs. With the default times these run again within 9 s. */
  idleMs: number
  /** Time between two signs of life, and between two checks for those of other processes. */
  checkMs: number
  /** Duration of a blocking wait for jobs, each of which is a sign of life too. */
  blockMs: number
  /** A process without jobs that gives no sign of life for this time has ended. */
  endedAfterMs: number
}

export const workerTimes: WorkerTimes = { idleMs: 5000, checkMs: 2000, blockMs: 5000, endedAfterMs: 3_600_000 }

/** A job that pauses between two attempts may run this much late. */
const delayedCheckMs = 250
/** Pause before a lost job runs again. If its process lost only the connection to Redis, it can store its result in this time. */
const takeoverPauseMs = 1500

interface UpkeepOptions {
  client: Redis | Cluster
  keys: QueueKeys
  times: WorkerTimes
  /** Name of this process in the consumer group. */
  consumer: string
  /** The time of Redis, in milliseconds. */
  redisNow (): number
  /** Returns the ids of the entries whose jobs run. */
  listInFlight (): string[]
  /** Aborted when the process takes no more jobs. */
  closing: AbortSignal
  /** Aborted at the end of close. */
  ended: AbortSignal
}

/** Repeats a script that moves at most `maximumMoved` jobs, until it moves fewer. */
async function repeatWhileFull (move: () => Promise<number>): Promise<void> {
  let moved
  do moved = await move()
  while (moved >= maximumMoved)
}

/** Creates the tasks that move jobs between the stream, the delayed jobs and processes that have ended. A worker repeats them. */
export function createUpkeep ({ client, keys, times, consumer, redisNow, listInFlight, closing, ended }: UpkeepOptions) {
  const { jobs, delayed, previous } = keys
  const { idleMs, checkMs, endedAfterMs } = times

  /** Gives a sign of life for the jobs in flight, until the end of close. */
  async function keepJobs (): Promise<void> {
    await sleep(checkMs, undefined, { signal: ended })
    const ids = listInFlight()
    if (ids.length > 0) await client.call('XCLAIM', jobs, group, consumer, 0, ...ids, 'JUSTID')
  }

  /** Releases the jobs of processes that give no sign of life. */
  async function takeOver (): Promise<void> {
    await sleep(checkMs, undefined, { signal: closing })
    await repeatWhileFull(async () => await client.queueRelease(jobs, delayed, group, idleMs, takeoverPauseMs, ''))
    await client.queueDropIdle(jobs, group, endedAfterMs)
  }

  async function movePrevious (): Promise<void> {
    const moved = await client.queueMovePrevious(jobs, delayed, previous)
    await sleep(moved > 0 ? delayedCheckMs : checkMs, undefined, { signal: closing })
  }

  async function moveDue (): Promise<void> {
    await sleep(delayedCheckMs, undefined, { signal: closing })
    await repeatWhileFull(async () => await client.queueMoveDue(jobs, delayed, redisNow()))
  }

  /** Moves the jobs that this process has received and not completed back to the queue. */
  async function release (): Promise<void> {
    await repeatWhileFull(async () => await client.queueRelease(jobs, delayed, group, 0, 0, consumer))
  }

  return { keepJobs, takeOver, movePrevious, moveDue, release }
}
