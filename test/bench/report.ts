import { spawnSync } from 'node:child_process'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { isDivided } from './cores.ts'
import type { Round } from './load.ts'
import type { Strain } from './strain.ts'

export interface Result {
  name: string
  /** Name of what it is compared with. */
  ceiling: string
  rounds: Round[]
  /** Each of them just before the round of the same place. */
  ceilingRounds: Round[]
}

export function describeMachine (): string {
  const git = (...args: string[]) => spawnSync('git', args, { encoding: 'utf8', cwd: import.meta.dirname }).stdout?.trim() ?? ''
  const commit = git('rev-parse', '--short', 'HEAD') || 'unknown'
  const changes = git('status', '--porcelain') === '' ? '' : ' with changes'
  const division = isDivided ? ', one for the server, two for what it depends on, one for the load' : ''
  return `${availableParallelism()} cores${division} (${cpus()[0]?.model.trim() ?? 'unknown'}, load ${loadavg()[0]?.toFixed(1)}), ` +
    `Node ${process.version}, commit ${commit}${changes}`
}

function median (values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? NaN
}

const widths = [24, 12, 9, 9, 9, 9, 12]

function rowOf (cells: string[]): string {
  return cells.map((cell, index) => index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0)).join('').trimEnd()
}

const count = (value: number) => Math.round(value).toLocaleString('en')

/** A ratio is that of a round to its ceiling's just before it, since a machine has better and worse minutes. */
function figures ({ name, ceiling, rounds, ceilingRounds }: Result): string {
  const of = (field: 'rate' | 'p50' | 'p99') => median(rounds.map((round) => round[field]))
  const ratio = median(rounds.map(({ rate }, index) => rate / (ceilingRounds[index]?.rate ?? NaN)))
  const backlog = median(rounds.map((round) => round.backlog ?? 0))
  return rowOf([name, count(of('rate')), ratio.toFixed(3), of('p50').toFixed(1), of('p99').toFixed(1), count(backlog), count(median(ceilingRounds.map(({ rate }) => rate)))]) +
    ` per second: ${ceiling}`
}

export function tableOf (results: Result[], strains: readonly Strain[]): string {
  return [
    rowOf(['', 'per second', 'ratio', 'p50 ms', 'p99 ms', 'backlog', 'ceiling']),
    ...results.map(figures),
    '',
    ...strains.map(({ clients, memory: { idle, peak, limit } }) => `memory while ${clients} clients upload: ${Math.round(peak - idle)} MB over idle ` +
      `(${Math.round(idle)} to ${Math.round(peak)} MB; at most ${limit} MB over idle are allowed)`),
    ...strains.map(({ clients, stretch: { wall, work } }) => `longest stretch of the event loop while ${clients} clients upload: ` +
      `${Math.round(work)} ms of work, ${Math.round(wall)} ms with what else ran on its core`)
  ].join('\n')
}
