import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

/**
 * The cores of each process. No other process shares the core of the measured server. The Redis of the queue does not share
 * a core with the server either; in production the workers run on other machines.
 */
const places = { server: '0', dependencies: '1,2', queue: '1', workers: '2,3', load: '3', carrier: '1,2,3' } as const
const coreCount = 4

/** True on Linux with `taskset` and at least four cores. */
export const isDivided = availableParallelism() >= coreCount && spawnSync('taskset', ['--version']).status === 0

/** Moves this process and those it starts later to the cores of a role. */
export function moveTo (place: keyof typeof places): void {
  if (isDivided) spawnSync('taskset', ['--all-tasks', '--pid', '--cpu-list', places[place], String(process.pid)])
}
