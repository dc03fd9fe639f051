import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { openPostgres } from './services/postgres.ts'
import { openRedis, type Service } from './services/redis.ts'

type Environment = Record<string, string | undefined>

/** tap bakes its plugins in; freshly installed it still has its TypeScript loader, which .taprc leaves out. */
async function bakePlugins (): Promise<void> {
  const baked = await readFile('node_modules/@tapjs/test/test-built/dist/esm/index.js', 'utf8').catch(() => '@tapjs/typescript')
  if (baked.includes('@tapjs/typescript')) await once(spawn('tap', ['build'], { stdio: 'ignore' }), 'exit')
}

/** Runs tap; resolves to its exit code. */
export async function runTap (args: readonly string[], env: Environment): Promise<number> {
  const tap = spawn('tap', args, { stdio: 'inherit', env })
  const [code] = await once(tap, 'exit')
  return Number(code ?? 1)
}

/** Starts a PostgreSQL and a Redis for the tests, does the work, and stops them; its code is the process's own. */
export async function withServices (work: (env: Environment) => Promise<number>): Promise<void> {
  const services: Service[] = []
  // Ctrl-C ends tap; the services are stopped below all the same.
  process.on('SIGINT', () => {})
  try {
    await bakePlugins()
    const redis = await openRedis(process.env)
    services.push(redis)
    const postgres = await openPostgres()
    services.push(postgres)
    process.exitCode = await work({ ...process.env, TEST_POSTGRES_URL: postgres.url, TEST_REDIS_URL: redis.url })
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  } finally {
    await Promise.allSettled(services.map(async (service) => { await service.stop() }))
  }
}
