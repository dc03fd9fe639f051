import { spawnSync } from 'node:child_process'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { isDivided } from './cores.ts'
import type { Round } from './load.ts'
import type { Memory } from './memory.ts'

export interface Result {
  name: string
  rounds: Round[]
  /** Each of them just before the round of the same place. */
  bareRounds: Round[]
}

/** What the service may take beyond idle while 16 clients upload. */
const memoryLimit = 100

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

const widths = [20, 10, 8, 10, 10]

function rowOf (cells: string[]): string {
  return cells.map((cell, index) => index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0)).join('')
}

function figures (name: string, rounds: Round[], ratio: number): string {
  const of = (field: keyof Round) => median(rounds.map((round) => round[field]))
  return rowOf([name, Math.round(of('rate')).toLocaleString('en'), ratio.toFixed(3), of('p50').toFixed(1), of('p99').toFixed(1)])
}

/** Medians; a ratio is that of a round to the bare one just before it, since a machine has better and worse minutes. */
export function tableOf (results: Result[], memory: Memory): string {
  const ratioOf = ({ rounds, bareRounds }: Result) => median(rounds.map(({ rate }, index) => rate / (bareRounds[index]?.rate ?? NaN)))
  return [
    rowOf(['', 'per second', 'ratio', 'p50 ms', 'p99 ms']),
    figures('bare route', results.flatMap(({ bareRounds }) => bareRounds), 1),
    ...results.map((result) => figures(result.name, result.rounds, ratioOf(result))),
    '',
    `memory while 16 clients upload: ${Math.round(memory.peak - memory.idle)} MB over idle ` +
      `(${Math.round(memory.idle)} to ${Math.round(memory.peak)} MB; at most ${memoryLimit} MB over idle are allowed)`
  ].join('\n')
}
