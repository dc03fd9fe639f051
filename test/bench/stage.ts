import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { openPostgres } from '../services/postgres.ts'
import { openRedis } from '../services/redis.ts'
import { moveTo } from './cores.ts'
import { startCarrier, startServer, type CarrierProcess, type Server } from './processes.ts'
import { seed, type SeededUser } from './seed.ts'

/** Everything that the rounds run against. */
export interface Stage extends AsyncDisposable {
  service: Server
  bare: Server
  carrier: CarrierProcess
  users: SeededUser[]
  /** Where the service keeps uploaded images. */
  uploads: string
  /** One more service beside the first, on the same dependencies, that nobody has used yet. */
  startService (): Promise<Server>
}

const limits = [
  'LIMIT_SENDS_PER_PHONE_HOUR', 'LIMIT_SENDS_PER_PHONE_DAY', 'LIMIT_SENDS_PER_ADDRESS_HOUR', 'LIMIT_PHONES_PER_ADDRESS_HOUR',
  'LIMIT_VERIFIES_PER_ADDRESS_HOUR', 'LIMIT_SENDS_PER_PREFIX', 'LIMIT_SENDS_PER_MINUTE', 'LIMIT_SENDS_PER_DAY',
  'QUOTA_CREATIVES_PER_DAY', 'QUOTA_BYTES_PER_USER'
]

/**
 * Starts the service as it runs in production: a real PostgreSQL that keeps what it promises through a power cut,
 * a real Redis, a carrier behind HTTP, the default log level, and no limits. `nodeArgs` are for its Node alone.
 */
export async function openStage (nodeArgs: readonly string[] = []): Promise<Stage> {
  await using opening = new AsyncDisposableStack()
  const folder = await mkdtemp(path.join(tmpdir(), 'cheershare-bench-'))
  opening.defer(async () => { await rm(folder, { recursive: true, force: true }) })
  moveTo('dependencies')
  const redis = await openRedis(process.env)
  opening.defer(redis.stop)
  const postgres = await openPostgres([])
  opening.defer(postgres.stop)
  const carrier = await startCarrier()
  opening.defer(carrier.stop)

  const databaseUrl = postgres.url.replace('/postgres?', '/cheershare?')
  const env = {
    DATABASE_URL: databaseUrl,
    REDIS_URL: redis.url,
    DATA_DIR: folder,
    APP_SECRET: randomBytes(24).toString('hex'),
    PHONE_HASH_SECRET: randomBytes(24).toString('hex'),
    TWILIO_SID: carrier.accountSid,
    TWILIO_API_KEY: carrier.authToken,
    TWILIO_PHONE_NUMBER: carrier.sender,
    TWILIO_API_BASE_URL: carrier.url,
    ...Object.fromEntries(limits.map((name) => [name, '0']))
  }
  const start: typeof startServer = async (file, options) => {
    moveTo('server')
    const server = await startServer(file, options)
    moveTo('load')
    return server
  }
  const startService = async (args: readonly string[] = []) =>
    await start('src/server.ts', { env, readyPath: '/health/ready', logFile: path.join(folder, 'service.log'), nodeArgs: args })
  const service = await startService(nodeArgs)
  opening.defer(service.stop)
  const bare = await start('test/bench/bare.ts', { readyPath: '/protected', logFile: path.join(folder, 'bare.log') })
  opening.defer(bare.stop)
  const users = await seed(databaseUrl)

  const opened = opening.move()
  return { service, bare, carrier, users, uploads: path.join(folder, 'uploads'), startService, [Symbol.asyncDispose]: async () => { await opened.disposeAsync() } }
}
