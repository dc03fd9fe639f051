import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { openPostgres } from './services/postgres.ts'
import { openRedis, type Service } from './services/redis.ts'

/** Starts a PostgreSQL and a Redis for the tests, runs tap with whatever arguments it was given, and stops them. */
const services: Service[] = []

/** tap bakes its plugins in; freshly installed it still has its TypeScript loader, which .taprc leaves out. */
async function bakePlugins (): Promise<void> {
  const baked = await readFile('node_modules/@tapjs/test/test-built/dist/esm/index.js', 'utf8').catch(() => '@tapjs/typescript')
  if (baked.includes('@tapjs/typescript')) await once(spawn('tap', ['build'], { stdio: 'ignore' }), 'exit')
}

try {
  await bakePlugins()
  const redis = await openRedis(process.env)
  services.push(redis)
  const postgres = await openPostgres()
  services.push(postgres)
  const env = { ...process.env, TEST_POSTGRES_URL: postgres.url, TEST_REDIS_URL: redis.url }
  const tap = spawn('tap', process.argv.slice(2), { stdio: 'inherit', env })
  // Ctrl-C ends tap; the services are stopped below all the same.
  process.on('SIGINT', () => {})
  const [code] = await once(tap, 'exit')
  process.exitCode = Number(code ?? 1)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
} finally {
  await Promise.allSettled(services.map(async (service) => { await service.stop() }))
}
