import { appendFileSync } from 'node:fs'

/** The longest time, within about a second, in which an event loop came to nothing else. In milliseconds. */
export interface Stretch {
  /** When it was noted, since the epoch. */
  at: number
  /** By the clock. */
  wall: number
  /** Its thread's time on the processor; the rest is what others took of its core. */
  work: number
}

/*
 * Loaded by `--import` into a process that is measured: adds each stretch as a line of JSON to the file that its own
 * address names (`?file=`).
 */
const file = new URL(import.meta.url).searchParams.get('file')
const tickMs = 1
const reportMs = 1000

if (file !== null) {
  let longest = { wall: 0, work: 0 }
  let lastTick = performance.now()
  let lastUsage = process.threadCpuUsage()

  setInterval(() => {
    const now = performance.now()
    const usage = process.threadCpuUsage()
    const work = (usage.user + usage.system - lastUsage.user - lastUsage.system) / 1000
    longest = { wall: Math.max(longest.wall, now - lastTick), work: Math.max(longest.work, work) }
    lastTick = now
    lastUsage = usage
  }, tickMs).unref()
  setInterval(() => {
    appendFileSync(file, `${JSON.stringify({ at: Date.now(), ...longest } satisfies Stretch)}\n`)
    longest = { wall: 0, work: 0 }
  }, reportMs).unref()
}
