import { spawnSync } from 'node:child_process'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { isDivided } from './cores.ts'
import { roles, type CpuTimes } from './cpu.ts'
import type { Round } from './load.ts'
import type { LoadImpact } from './load-impact.ts'

export interface Result {
  name: string
  /** Name of the ceiling that the scenario is compared with. */
  ceiling: string
  rounds: MeasuredRound[]
  /** Each runs just before the round with the same index. */
  ceilingRounds: MeasuredRound[]
}

export interface MeasuredRound extends Round {
  /** Processor time of an operation. */
  cpu: CpuTimes
}

export function describeMachine (): string {
  const git = (...args: string[]) => spawnSync('git', args, { encoding: 'utf8', cwd: import.meta.dirname }).stdout?.trim() ?? ''
  const commit = git('rev-parse', '--short', 'HEAD') || 'unknown'
  const changes = git('status', '--porcelain') === '' ? '' : ' with changes'
  const division = isDivided ? ', one for the server, two for its dependencies, one for the load' : ''
  return `${availableParallelism()} cores${division} (${cpus()[0]?.model.trim() ?? 'unknown'}, load ${loadavg()[0]?.toFixed(1)}), ` +
    `Node ${process.version}, commit ${commit}${changes}`
}

function median (values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? NaN
}

const widths = [24, 12, 9, 9, 9, 9, 12]

function formatRow (cells: string[]): string {
  return cells.map((cell, index) => index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0)).join('').trimEnd()
}

const count = (value: number) => Math.round(value).toLocaleString('en')

/** The ratio compares each round with the ceiling's round just before it, because the speed of a machine changes by the minute. */
function formatResult ({ name, ceiling, rounds, ceilingRounds }: Result): string {
  const medianOf = (field: 'rate' | 'p50' | 'p99') => median(rounds.map((round) => round[field]))
  const ratio = median(rounds.map(({ rate }, index) => rate / (ceilingRounds[index]?.rate ?? NaN)))
  const backlog = median(rounds.map((round) => round.backlog ?? 0))
  const ceilingRate = median(ceilingRounds.map(({ rate }) => rate))
  const cells = [
    name, count(medianOf('rate')), ratio.toFixed(3), medianOf('p50').toFixed(1), medianOf('p99').toFixed(1),
    count(backlog), count(ceilingRate)
  ]
  return `${formatRow(cells)} per second: ${ceiling}`
}

const sumOf = (cpu: CpuTimes) => roles.reduce((sum, role) => sum + cpu[role], 0)

/** The processor time of an operation in microseconds, in all and by process, beside that of the ceiling. */
function formatCpu ({ name, rounds, ceilingRounds }: Result): string {
  const times = (of: MeasuredRound[]) => [sumOf, ...roles.map((role) => (cpu: CpuTimes) => cpu[role])].map((pick) =>
    count(median(of.map(({ cpu }) => pick(cpu)))))
  return formatRow([name, ...times(rounds), ...times(ceilingRounds).slice(0, 1)])
}

/** The table of results, and a line of memory and of event-loop lag for each number of clients that upload. */
export function formatReport (results: Result[], impacts: readonly LoadImpact[]): string {
  return [
    formatRow(['', 'per second', 'ratio', 'p50 ms', 'p99 ms', 'backlog', 'ceiling']),
    ...results.map(formatResult),
    '',
    formatRow(['CPU per operation, µs', 'in all', ...roles, 'ceiling']),
    ...results.map(formatCpu),
    '',
    ...impacts.map(({ clients, memory: { idle, peak, limit } }) =>
      `memory while ${clients} clients upload: ${Math.round(peak - idle)} MB over idle ` +
      `(${Math.round(idle)} to ${Math.round(peak)} MB; limit ${limit} MB over idle)`),
    ...impacts.map(({ clients, lag: { wall, cpu } }) => `longest event-loop lag while ${clients} clients upload: ` +
      `${Math.round(cpu)} ms of processor time, ${Math.round(wall)} ms elapsed`)
  ].join('\n')
}
