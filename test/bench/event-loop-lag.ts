import { appendFileSync } from 'node:fs'

/** The longest lag of an event loop within about a second, in milliseconds: the time in which it ran no other callback. */
export interface EventLoopLag {
  /** When it was recorded, since the epoch. */
  at: number
  /** Elapsed time. */
  wall: number
  /** Processor time of the thread; the rest of `wall` went to other threads on its core. */
  cpu: number
}

/*
 * Loaded by `--import` into the process that is measured. Each second it appends the longest lag as a line of JSON to the file
 * that the `file` parameter of this module's URL names.
 */
const file = new URL(import.meta.url).searchParams.get('file')
const tickMs = 1
const reportMs = 1000

if (file !== null) {
  let longest = { wall: 0, cpu: 0 }
  let lastTick = performance.now()
  let lastUsage = process.threadCpuUsage()

  setInterval(() => {
    const now = performance.now()
    const usage = process.threadCpuUsage()
    const cpu = (usage.user + usage.system - lastUsage.user - lastUsage.system) / 1000
    longest = { wall: Math.max(longest.wall, now - lastTick), cpu: Math.max(longest.cpu, cpu) }
    lastTick = now
    lastUsage = usage
  }, tickMs).unref()
  setInterval(() => {
    appendFileSync(file, `${JSON.stringify({ at: Date.now(), ...longest } satisfies EventLoopLag)}\n`)
    longest = { wall: 0, cpu: 0 }
  }, reportMs).unref()
}
