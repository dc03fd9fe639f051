import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, chown, cp, mkdir, rename, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { FastifyBaseLogger } from 'fastify'
import { canEnter, canRun, chooseAccount, type Account } from './account.ts'
import { binariesIn, findBinaries, type Binaries } from './binaries.ts'

/** Everything about where the server is and whom it runs as. */
export interface Place {
  binaries: Binaries
  account: Account | undefined
  /** PGDATA */
  dataFolder: string
  /** Holds the log. */
  runFolder: string
  /** Holds the socket; the account's alone, since whoever reaches the socket reaches the data. */
  socketFolder: string
}

/** Where root's services keep their state: every account may pass through. */
const systemFolder = '/var/lib/cheershare'

/**
 * Decides where binaries and data live. Usually that is node_modules and DATA_DIR; but root runs the server as
 * another account, which cannot enter a home of mode 0700, so then both go where it can, and the log says where.
 */
export async function choosePlace (dataDir: string, log: FastifyBaseLogger): Promise<Place> {
  const account = chooseAccount()
  const installed = findBinaries()
  const wanted = path.resolve(dataDir, 'postgres')
  // Two steps: the account must pass through DATA_DIR, and nobody else may enter the database's own folder.
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

/** A socket's path may have 107 bytes, its name takes 15 of them. */
const maximumSocketFolder = 90

function foldersIn (home: string): Pick<Place, 'dataFolder' | 'runFolder' | 'socketFolder'> {
  const runFolder = path.join(home, 'run')
  const isShort = Buffer.byteLength(runFolder) <= maximumSocketFolder
  const socketFolder = isShort ? runFolder : path.join(tmpdir(), `cheershare-${createHash('sha256').update(home).digest('hex').slice(0, 16)}`)
  return { dataFolder: path.join(home, 'data'), runFolder, socketFolder }
}

async function makeSystemFolder (): Promise<void> {
  await mkdir(systemFolder, { recursive: true })
  await chmod(systemFolder, 0o755)
}

/** One copy for all clones with the same binaries; it appears as a whole, so that a start cut short leaves no half. */
async function copyBinaries (installed: Binaries, log: FastifyBaseLogger): Promise<Binaries> {
  const { size, mtimeMs } = await stat(installed.postgres)
  const root = path.join(systemFolder, `binaries-${createHash('sha256').update(`${installed.root} ${size} ${mtimeMs}`).digest('hex').slice(0, 12)}`)
  if (await stat(root).then(() => true, () => false)) return binariesIn(root)
  const draft = `${root}.${process.pid}`
  await makeSystemFolder()
  await cp(installed.root, draft, { recursive: true, verbatimSymlinks: true })
  // Under a strict umask npm leaves files that only root may read.
  spawnSync('chmod', ['-R', 'a+rX', draft])
  await rename(draft, root).catch(async () => { await rm(draft, { recursive: true, force: true }) })
  log.warn(`PostgreSQL's programs were copied to ${root}, where its account can run them`)
  return binariesIn(root)
}
