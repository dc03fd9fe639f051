import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chown, lstat, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { userInfo } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { findServer } from './process.ts'
import type { Installation } from './installation.ts'

const role = 'cheershare'
const database = 'cheershare'
const startTimeoutMs = 30_000
const stopWithinMs = 10_000

/** Connects over the socket. Without a port, no other machine can reach the server and no port can conflict. */
export function urlOf (installation: Installation, name = database): string {
  return `postgres:///${name}?host=${encodeURIComponent(installation.socketFolder)}&user=${role}`
}

/**
 * Creates the folders and, on the first start, the database cluster. The cluster is renamed into place at the end, so an
 * interrupted start begins again.
 */
export async function initialize (installation: Installation): Promise<void> {
  await makeFolder(installation, installation.runFolder)
  await makeFolder(installation, installation.socketFolder)
  if (await stat(installation.dataFolder).then(() => true, () => false)) return
  const draft = `${installation.dataFolder}.draft`
  await rm(draft, { recursive: true, force: true })
  const args = ['--pgdata', draft, '--username', role, '--auth', 'trust', '--encoding', 'UTF8', '--locale', 'C', '--no-sync']
  const child = spawn(installation.binaries.initdb, args, {
    ...installation.account, cwd: path.dirname(installation.dataFolder), stdio: ['ignore', 'ignore', 'pipe']
  })
  let complaint = ''
  child.stderr.on('data', (chunk: Buffer) => { complaint += chunk.toString() })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`initdb failed: ${complaint.trim()}`)
  await rename(draft, installation.dataFolder)
}

async function makeFolder (installation: Installation, folder: string): Promise<void> {
  const made = await mkdir(folder, { recursive: true, mode: 0o700 })
  const expected = installation.account ?? userInfo()
  if (made !== undefined) await chown(folder, expected.uid, expected.gid)
  // A folder of another account, or a link in a public folder, must be neither changed nor trusted.
  const { uid, mode } = await lstat(folder)
  if (uid !== expected.uid || (mode & 0o077) !== 0) {
    throw new Error(`${folder} is open to others; PostgreSQL's socket must not be put there`)
  }
}

/**
 * Starts the server in a process group of its own, so that Ctrl-C in the terminal reaches the service alone,
 * which stops the server when it no longer needs it. `settings` are server options, `name=value`.
 */
export async function startServer (installation: Installation, settings: readonly string[] = []): Promise<void> {
  const logFile = path.join(installation.runFolder, 'postgres.log')
  const output = await open(logFile, 'a', 0o600)
  const options = [
    `unix_socket_directories=${installation.socketFolder}`, 'listen_addresses=', ...settings
  ].flatMap((setting) => ['-c', setting])
  const child = spawn(installation.binaries.postgres, ['-D', installation.dataFolder, ...options], {
    ...installation.account, cwd: installation.runFolder, detached: true, stdio: ['ignore', output.fd, output.fd]
  })
  child.unref()
  try {
    await untilReady(child, installation)
  } catch (error) {
    child.kill('SIGQUIT')
    const tail = (await readFile(logFile, 'utf8')).trim().split('\n').slice(-5).join('\n')
    throw new Error(`the embedded PostgreSQL did not start; the end of ${logFile}:\n${tail}`, { cause: error })
  } finally {
    await output.close()
  }
}

async function untilReady (child: ChildProcess, installation: Installation): Promise<void> {
  let failure: Error | undefined
  child.once('error', (error) => { failure = error })
  child.once('exit', (code) => { failure = new Error(`it ended with exit code ${code}`) })
  for (const end = Date.now() + startTimeoutMs; Date.now() < end; await sleep(25)) {
    if (failure !== undefined) throw failure
    if (await answers(installation)) return
  }
  throw new Error(`no answer within ${startTimeoutMs} ms`)
}

/** Returns whether the server accepts connections. Creates the database if it does not exist. */
export async function answers (installation: Installation): Promise<boolean> {
  return await ask(installation, ensureDatabase).then(() => true, () => false)
}

/** Returns whether another process is connected; false for a server that does not answer. */
export async function isInUse (installation: Installation): Promise<boolean> {
  const others = "select from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()"
  return await ask(installation, async (client) => (await client.query(others)).rowCount !== 0).catch(() => false)
}

async function ask<T> (installation: Installation, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: urlOf(installation, 'postgres'), connectionTimeoutMillis: 2000, query_timeout: 2000 })
  client.on('error', () => {})
  try {
    await client.connect()
    return await work(client)
  } finally {
    await client.end()
  }
}

async function ensureDatabase (client: pg.Client): Promise<void> {
  const { rowCount } = await client.query('select from pg_database where datname = $1', [database])
  if (rowCount === 0) await client.query(`create database ${database}`)
}

/** Stops the server by a fast shutdown, which rolls back open transactions and writes all data. */
export async function stopServer (installation: Installation): Promise<void> {
  const pid = await findServer(installation)
  if (pid === undefined) return
  process.kill(pid, 'SIGINT')
  for (const end = Date.now() + stopWithinMs; Date.now() < end; await sleep(25)) {
    if (await findServer(installation) === undefined) return
  }
  process.kill(pid, 'SIGQUIT')
}
