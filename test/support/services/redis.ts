import { spawn, spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { canInstall, findProgram, installProgram } from './programs.ts'

export interface Service {
  url: string
  /** The process of the server, if this program started it without a container. */
  pid?: number | undefined
  stop (): Promise<void>
}

const startTimeoutMs = 120_000
const image = 'redis:8'
/** The service warns of a Redis without an append-only file. No test data must survive a power failure, so it is not flushed. */
const settings = ['--save', '', '--appendonly', 'yes', '--appendfsync', 'no']
const redisServer = { names: ['redis-server', 'valkey-server'], debianPackage: 'redis-server' }

/**
 * Opens a Redis for the tests: REDIS_URL, else a server from the PATH, else from Docker, else, as root on Debian,
 * installed by apt. It throws if there is none. `extra` are arguments of the server, for tests that start a separate one.
 */
export async function openRedis (env: NodeJS.ProcessEnv, extra: string[] = []): Promise<Service> {
  if (env['REDIS_URL']) return { url: env['REDIS_URL'], stop: async () => {} }
  const program = findProgram(redisServer)
  if (program !== undefined) {
    const folder = await mkdtemp(path.join(tmpdir(), 'cheershare-redis-'))
    const service = await start(program, (port) => ['--port', port, '--bind', '127.0.0.1', '--dir', folder, ...settings, ...extra])
    return {
      ...service,
      async stop () {
        await service.stop()
        await rm(folder, { recursive: true, force: true })
      }
    }
  }
  if (spawnSync('docker', ['info'], { stdio: 'ignore' }).status === 0) {
    return await start('docker', (port) => ['run', '--rm', '--publish', `127.0.0.1:${port}:6379`, image, 'redis-server', ...settings, ...extra])
  }
  if (canInstall()) {
    installProgram(redisServer)
    return await openRedis({ ...env }, extra)
  }
  throw new Error('The tests need a Redis server and found none. Install redis-server or valkey-server (Debian: apt-get install ' +
    'redis-server, macOS: brew install redis), start Docker, or set REDIS_URL.')
}

async function start (program: string, argsFor: (port: string) => string[]): Promise<Service> {
  const port = await freePort()
  const child = spawn(program, argsFor(String(port)), { stdio: 'ignore' })
  const url = `redis://127.0.0.1:${port}`
  const probe = new Redis(url, { retryStrategy: () => 100, maxRetriesPerRequest: null })
  probe.on('error', () => {})
  const answer = await Promise.race([probe.ping(), once(child, 'exit'), sleep(startTimeoutMs, undefined, { ref: false })])
  probe.disconnect()
  if (answer !== 'PONG') throw new Error(`${program} did not start`)
  return {
    url,
    pid: program === 'docker' ? undefined : child.pid,
    async stop () {
      // Ctrl-C also reaches the server, which may have ended already.
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      await gone
    }
  }
}

/**
 * Finds a free port below those that Linux assigns to outgoing connections, which begin at 32768. A client that connects to a
 * service while it restarts could otherwise be assigned the port of the service, connect to itself, and occupy the port.
 */
export async function freePort (): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000)
    const server = createServer().listen(port, '127.0.0.1')
    const isFree = await once(server, 'listening').then(() => true, () => false)
    if (!isFree) continue
    server.close()
    await once(server, 'close')
    return port
  }
}
