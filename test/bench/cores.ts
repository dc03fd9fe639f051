import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

/** Who gets which cores, so that a round measures the server and not who happened to share its core. */
const places = { server: '0', dependencies: '1,2', load: '3', outside: '1,2,3' } as const
const coreCount = 4

/** Whether this machine can be divided: Linux with `taskset` and four cores. */
export const isDivided = availableParallelism() >= coreCount && spawnSync('taskset', ['--version']).status === 0

/** Moves this process; what it starts from now on stays there too. */
export function moveTo (place: keyof typeof places): void {
  if (isDivided) spawnSync('taskset', ['--all-tasks', '--pid', '--cpu-list', places[place], String(process.pid)])
}
