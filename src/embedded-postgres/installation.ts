import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, chown, cp, mkdir, rename, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { FastifyBaseLogger } from 'fastify'
import { canEnter, canRun, chooseAccount, type Account } from './account.ts'
import { binariesIn, findBinaries, type Binaries } from './binaries.ts'

/** Folders, programs and operating-system account of the server. */
export interface Installation {
  binaries: Binaries
  account: Account | undefined
  /** PGDATA */
  dataFolder: string
  /** Holds the log. */
  runFolder: string
  /** Holds the socket. Only the account may enter it, because access to the socket gives access to the data. */
  socketFolder: string
}

/** State of services that root starts. Every account may pass through it. */
const systemFolder = '/var/lib/cheershare'

/**
 * Chooses the folders of binaries and data, usually in node_modules and DATA_DIR. When root starts the service, the server
 * runs as another account. If that account cannot enter these folders, both go to a system folder, which is logged.
 */
export async function chooseInstallation (dataDir: string, log: FastifyBaseLogger): Promise<Installation> {
  const account = chooseAccount()
  const installed = findBinaries()
  const wanted = path.resolve(dataDir, 'postgres')
  // The account must pass through DATA_DIR, and only the account may enter the folder of the database.
  await mkdir(path.dirname(wanted), { recursive: true })
  await mkdir(wanted, { recursive: true, mode: 0o700 })
  if (account === undefined) return { binaries: installed, account, ...foldersIn(wanted) }

  await chown(wanted, account.uid, account.gid)
  const isNear = canEnter(wanted, account)
  const home = isNear ? wanted : path.join(systemFolder, createHash('sha256').update(wanted).digest('hex').slice(0, 12))
  if (!isNear) {
    await makeSystemFolder()
    await mkdir(home, { recursive: true, mode: 0o700 })
    await chown(home, account.uid, account.gid)
    log.warn(`PostgreSQL cannot enter ${wanted} as uid ${account.uid}; its data is in ${home}`)
  }
  const binaries = canRun(installed.postgres, account) ? installed : await copyBinaries(installed, log)
  return { binaries, account, ...foldersIn(home) }
}

/** The path of a socket has at most 107 bytes, and its name takes 15 of them. */
const maximumSocketFolder = 90

function foldersIn (home: string): Pick<Installation, 'dataFolder' | 'runFolder' | 'socketFolder'> {
  const runFolder = path.join(home, 'run')
  const isShort = Buffer.byteLength(runFolder) <= maximumSocketFolder
  const socketFolder = isShort
    ? runFolder
    : path.join(tmpdir(), `cheershare-${createHash('sha256').update(home).digest('hex').slice(0, 16)}`)
  return { dataFolder: path.join(home, 'data'), runFolder, socketFolder }
}

async function makeSystemFolder (): Promise<void> {
  await mkdir(systemFolder, { recursive: true })
  await chmod(systemFolder, 0o755)
}

/** Copies the binaries once for all data folders. The rename makes the copy appear as a whole, also after a killed start. */
async function copyBinaries (installed: Binaries, log: FastifyBaseLogger): Promise<Binaries> {
  const { size, mtimeMs } = await stat(installed.postgres)
  const root = path.join(
    systemFolder, `binaries-${createHash('sha256').update(`${installed.root} ${size} ${mtimeMs}`).digest('hex').slice(0, 12)}`
  )
  if (await stat(root).then(() => true, () => false)) return binariesIn(root)
  const draft = `${root}.${process.pid}`
  await makeSystemFolder()
  await cp(installed.root, draft, { recursive: true, verbatimSymlinks: true })
  // With a strict umask, npm creates files that only root may read.
  spawnSync('chmod', ['-R', 'a+rX', draft])
  await rename(draft, root).catch(async () => { await rm(draft, { recursive: true, force: true }) })
  log.warn(`PostgreSQL's programs were copied to ${root}, where its account can run them`)
  return binariesIn(root)
}
