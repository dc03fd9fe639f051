import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Test } from 'tap'
import { until } from './polling.ts'

/** Creates a folder that every account may enter. After the test the servers in it are ended and it is removed. */
export async function createHome (t: Test, mode = 0o755): Promise<string> {
  const home = await mkdtemp(path.join(tmpdir(), 'cheershare-home-'))
  await chmod(home, mode)
  t.teardown(async () => { await clear(home) })
  return home
}

/** Ends every embedded server whose data lies below a folder, then removes the folder. */
export async function clear (home: string): Promise<void> {
  for (const file of await readdir(home, { recursive: true }).catch(() => [])) {
    if (path.basename(file) === 'postmaster.pid') await endServer(path.dirname(path.join(home, file)))
  }
  await rm(home, { recursive: true, force: true })
}

async function endServer (dataFolder: string): Promise<void> {
  const pid = await serverIn(dataFolder)
  if (pid === undefined) return
  process.kill(pid, 'SIGQUIT')
  await until('the embedded server ends', () => !isAlive(pid))
}

/** Returns the socket folder of the running server, from the fifth line of postmaster.pid. */
export async function socketFolderIn (dataFolder: string): Promise<string> {
  return (await readFile(path.join(dataFolder, 'postmaster.pid'), 'utf8')).split('\n')[4] ?? ''
}

/** Returns the process id of the server that runs on a data folder. */
export async function serverIn (dataFolder: string): Promise<number | undefined> {
  const text = await readFile(path.join(dataFolder, 'postmaster.pid'), 'utf8').catch(() => '')
  const pid = Number.parseInt(text, 10)
  return Number.isInteger(pid) && isAlive(pid) ? pid : undefined
}

export function isAlive (pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
