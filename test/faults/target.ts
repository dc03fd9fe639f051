import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { open, readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const program = path.resolve(import.meta.dirname, '../../src/server.ts')
const startTimeoutMs = 120_000

/** The service as a process that is killed and restarted on the same port. */
export interface Target {
  url: string
  start (): Promise<void>
  kill (): Promise<void>
  /** Sends SIGTERM and resolves to the exit code. */
  stop (): Promise<number | null>
}

export interface TargetOptions {
  port: number
  env: Record<string, string>
  logFile: string
}

export function createTarget ({ port, env, logFile }: TargetOptions): Target {
  const url = `http://127.0.0.1:${port}`
  let child: ChildProcess | undefined

  async function end (signal: NodeJS.Signals): Promise<number | null> {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null
    const gone = once(child, 'exit')
    child.kill(signal)
    const [code] = await gone as [number | null]
    return code
  }

  return {
    url,
    async start () {
      const log = await open(logFile, 'a')
      child = spawn(process.execPath, [program], {
        env: { PATH: process.env['PATH'], ...env, PORT: String(port) }, stdio: ['ignore', log.fd, log.fd]
      })
      await log.close()
      for (const deadline = Date.now() + startTimeoutMs; ; await sleep(10)) {
        if (await fetch(`${url}/health/live`).then(({ ok }) => ok, () => false)) return
        if (child.exitCode === null && Date.now() < deadline) continue
        await end('SIGKILL')
        throw new Error(`the service did not start:\n${(await readFile(logFile, 'utf8')).slice(-4000)}`)
      }
    },
    kill: async () => { await end('SIGKILL') },
    stop: async () => await end('SIGTERM')
  }
}
