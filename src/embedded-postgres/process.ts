import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Installation } from './installation.ts'

/** The running server's process, by the file that PostgreSQL itself keeps; a leftover of a crash is seen through. */
export async function findServer (installation: Installation): Promise<number | undefined> {
  // Its first line.
  const pid = Number.parseInt(await readFile(path.join(installation.dataFolder, 'postmaster.pid'), 'utf8').catch(() => ''), 10)
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return undefined
  // The number may belong to another process by now; where there is no /proc, it has to do.
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined)
  return commandLine === undefined || commandLine.includes('postgres') ? pid : undefined
}

function isAlive (pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Somebody else's process is alive too.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
