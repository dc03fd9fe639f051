import { spawnSync } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'

/** Processes whose processor time is reported together: `worker` sends SMS apart from the server. */
export const roles = ['server', 'worker', 'postgres', 'redis'] as const
export type Role = typeof roles[number]

/** Processor time in microseconds. */
export type CpuTimes = Record<Role, number>

interface ProcessTimes {
  parent: number
  /** Processor time in clock ticks of the process and of its ended children. */
  ticks: number
}

/** Microseconds of a clock tick, in which Linux states processor times. */
const tickMicroseconds = 1_000_000 / (Number(spawnSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }).stdout) || 100)

/** Fields of /proc/PID/stat after the name of the program, which may contain spaces. */
const field = { parent: 1, userTime: 11, systemTime: 12, childUserTime: 13, childSystemTime: 14 }

async function readProcesses (): Promise<Map<number, ProcessTimes>> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const stats = await Promise.all(pids.map(async (pid) => await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')))
  return new Map(stats.flatMap((stat, index): Array<[number, ProcessTimes]> => {
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ').map(Number)
    if (fields.length <= field.childSystemTime) return []
    const ticks = fields.slice(field.userTime, field.childSystemTime + 1).reduce((sum, time) => sum + time, 0)
    return [[Number(pids[index]), { parent: fields[field.parent] ?? 0, ticks }]]
  }))
}

/** Reads the processor time of each role so far: of its processes and all their descendants, by the accounting of Linux. */
export async function readCpuTimes (processes: Record<Role, readonly number[]>): Promise<CpuTimes> {
  const all = await readProcesses()
  const sum = (pid: number): number => {
    const children = [...all].filter(([, { parent }]) => parent === pid).map(([child]) => sum(child))
    return (all.get(pid)?.ticks ?? 0) + children.reduce((total, ticks) => total + ticks, 0)
  }
  const times = roles.map((role): [Role, number] => [
    role, processes[role].reduce((total, pid) => total + sum(pid), 0) * tickMicroseconds
  ])
  return Object.fromEntries(times) as CpuTimes
}

/** Returns the processor time between two readings for each of `count` operations. */
export function perOperation (before: CpuTimes, after: CpuTimes, count: number): CpuTimes {
  return Object.fromEntries(roles.map((role) => [role, (after[role] - before[role]) / count])) as CpuTimes
}
