import { readFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Place } from './place.ts'

/** A process that is told from a later one with the same number by when it started. */
interface ProcessId { pid: number, startedAt: string }

function identify (pid: number): ProcessId | undefined {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return undefined
  }
  return { pid, startedAt: startOf(pid) }
}

/** Field 22 of /proc/PID/stat; where there is no /proc, the number alone has to do. */
function startOf (pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19] ?? ''
  } catch {
    return ''
  }
}

const fileOf = (place: Place) => path.join(place.runFolder, 'owner.json')

/** Notes that this process will stop the server. */
export async function becomeOwner (place: Place): Promise<void> {
  await writeFile(fileOf(place), JSON.stringify(identify(process.pid)), { mode: 0o600 })
}

/** Whether the process that started the server still lives; a server without one is an orphan. */
export async function hasLivingOwner (place: Place): Promise<boolean> {
  try {
    const owner = JSON.parse(await readFile(fileOf(place), 'utf8')) as ProcessId
    return identify(owner.pid)?.startedAt === owner.startedAt
  } catch {
    return false
  }
}

/** The running server's process, by the file that PostgreSQL itself keeps; a leftover of a crash is seen through. */
export async function findServer (place: Place): Promise<number | undefined> {
  // Its first line.
  const pid = Number.parseInt(await readFile(path.join(place.dataFolder, 'postmaster.pid'), 'utf8').catch(() => ''), 10)
  if (!Number.isInteger(pid) || pid <= 0 || identify(pid) === undefined) return undefined
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined)
  return commandLine === undefined || commandLine.includes('postgres') ? pid : undefined
}
