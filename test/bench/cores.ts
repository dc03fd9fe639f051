import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

/**
 * Who gets which cores, so that a round measures the server and not who happened to share its core. The queue's Redis
 * waits for no worker, which in earnest are on other machines.
 */
const places = { server: '0', dependencies: '1,2', queue: '1', workers: '2,3', load: '3', carrier: '1,2,3' } as const
const coreCount = 4

/** Whether this machine can be divided: Linux with `taskset` and four cores. */
export const isDivided = availableParallelism() >= coreCount && spawnSync('taskset', ['--version']).status === 0

/** Moves this process; what it starts from now on stays there too. */
export function moveTo (place: keyof typeof places): void {
  if (isDivided) spawnSync('taskset', ['--all-tasks', '--pid', '--cpu-list', places[place], String(process.pid)])
}
