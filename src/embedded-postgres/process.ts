import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Installation } from './installation.ts'

/** The process id of the running server, from the first line of postmaster.pid. A file that a crash left behind is ignored. */
export async function findServer (installation: Installation): Promise<number | undefined> {
  const pid = Number.parseInt(await readFile(path.join(installation.dataFolder, 'postmaster.pid'), 'utf8').catch(() => ''), 10)
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return undefined
  // Another process may have this id by now. Without /proc this cannot be checked.
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined)
  return commandLine === undefined || commandLine.includes('postgres') ? pid : undefined
}

function isAlive (pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM means that the process is alive and belongs to another account.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
