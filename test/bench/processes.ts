import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../support/services/redis.ts'
import type { CarrierReport } from './carrier.ts'

const root = path.resolve(import.meta.dirname, '../..')
const startWithinMs = 120_000

export interface Server {
  url: string
  pid: number
  stop (): Promise<void>
}

export interface ServerOptions {
  /** The whole environment except PORT, so that the caller's shell does not change the figures. */
  env?: Record<string, string>
  /** Path that answers 200 once the server is ready. */
  readyPath: string
  logFile: string
  /** Options of Node itself. */
  nodeArgs?: readonly string[]
}

/** Starts a server on a free port as a process of its own. */
export async function startServer (file: string, { env = {}, readyPath, logFile, nodeArgs = [] }: ServerOptions): Promise<Server> {
  const port = await freePort()
  const log = await open(logFile, 'a')
  const child = spawn(process.execPath, [...nodeArgs, file], {
    cwd: root, env: { PATH: process.env['PATH'], ...env, PORT: String(port) }, stdio: ['ignore', log.fd, log.fd]
  })
  await log.close()
  const url = `http://127.0.0.1:${port}`
  for (const end = Date.now() + startWithinMs; ; await sleep(50)) {
    if (await fetch(`${url}${readyPath}`).then(({ ok }) => ok, () => false)) break
    if (child.exitCode === null && Date.now() < end) continue
    await stop(child)
    throw new Error(`${file} did not start:\n${await readFile(logFile, 'utf8')}`)
  }
  return { url, pid: child.pid ?? 0, stop: async () => { await stop(child) } }
}

/** Starts a process that delivers SMS. */
export function startWorker (env: Record<string, string>, logFile: string): Omit<Server, 'url'> {
  const log = openSync(logFile, 'a')
  const child = spawn(process.execPath, ['src/commands/worker.ts'], {
    cwd: root, env: { PATH: process.env['PATH'], ...env }, stdio: ['ignore', log, log]
  })
  closeSync(log)
  return { pid: child.pid ?? 0, stop: async () => { await stop(child) } }
}

async function stop (child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  await gone
}

export interface CarrierProcess extends NonNullable<CarrierReport['credentials']> {
  /** Number of messages received. */
  readonly received: number
  /** Resolves to the code of the next message to a number. */
  nextCode (phone: string): Promise<string>
  stop (): Promise<void>
}

export async function startCarrier (): Promise<CarrierProcess> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'carrier.ts')], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const [{ credentials }] = await once(child, 'message') as [CarrierReport]
  if (credentials === undefined) throw new Error('the carrier did not start')
  const waiting = new Map<string, (code: string) => void>()
  let received = 0
  child.on('message', ({ messages = [] }: CarrierReport) => {
    received += messages.length
    for (const [to, code] of messages) waiting.get(to)?.(code)
  })
  return {
    ...credentials,
    get received () { return received },
    nextCode: (phone) => new Promise((resolve) => {
      waiting.set(phone, (code) => {
        waiting.delete(phone)
        resolve(code)
      })
    }),
    stop: async () => { await stop(child) }
  }
}
