import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { compileCache, measuresCoverage } from './coverage.ts'
import { openPostgres } from './services/postgres.ts'
import { openRedis, type Service } from './services/redis.ts'

type Environment = Record<string, string | undefined>

/** Builds tap with the plugins of .taprc: a fresh installation still has the TypeScript loader, which .taprc leaves out. */
async function buildPlugins (): Promise<void> {
  const built = await readFile('node_modules/@tapjs/test/test-built/dist/esm/index.js', 'utf8').catch(() => '@tapjs/typescript')
  if (built.includes('@tapjs/typescript')) await once(spawn('tap', ['build'], { stdio: 'ignore' }), 'exit')
}

/** Runs tap; resolves to its exit code. */
export async function runTap (args: readonly string[], env: Environment): Promise<number> {
  const tap = measuresCoverage
    ? spawn('tap', args, { stdio: 'inherit', env })
    : spawn('tap', ['--disable-coverage', ...args], { stdio: 'inherit', env: { ...env, ...compileCache } })
  const [code] = await once(tap, 'exit')
  return Number(code ?? 1)
}

/** Starts a PostgreSQL and a Redis for the tests, runs `work`, and stops them. The process exits with the code of `work`. */
export async function withServices (work: (env: Environment) => Promise<number>): Promise<void> {
  const services: Service[] = []
  // Ctrl-C ends tap; this process continues, to stop the services below.
  process.on('SIGINT', () => {})
  try {
    await buildPlugins()
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
