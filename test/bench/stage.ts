import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { rateLimits } from '../../src/domain/auth/limits.ts'
import { openPostgres } from '../support/services/postgres.ts'
import { openRedis, type Service } from '../support/services/redis.ts'
import { moveTo } from './cores.ts'
import { createPhoto } from './photo.ts'
import { startCarrier, startServer, startWorker, type CarrierProcess, type Server } from './processes.ts'
import { grow, seed, type SeededUser } from './seed.ts'

/** Everything that the rounds run against. */
export interface Stage extends AsyncDisposable {
  service: Server
  /** A service that only queues SMS, with two workers that deliver them. */
  apart: Server
  bare: Server
  bareUpload: Server
  carrier: CarrierProcess
  users: SeededUser[]
  /** Where the service keeps uploaded images. */
  uploads: string
  /** What clients upload. */
  photo: Buffer
  /** Adds creatives that are not due until there are so many in all. */
  growTo (total: number): Promise<void>
  /** One more service beside the first, on the same dependencies, that nobody has used yet. `nodeArgs` are for its Node. */
  startService (nodeArgs?: readonly string[]): Promise<Server>
}

const workerCount = 2

const limits = [
  'LIMIT_SENDS_PER_PHONE_HOUR', 'LIMIT_SENDS_PER_PHONE_DAY', ...rateLimits.map(({ setting }) => setting),
  'QUOTA_CREATIVES_PER_DAY', 'QUOTA_BYTES_PER_USER'
]

/** As README says it is to be set up: with a log of what was written, synced each second. */
async function openDurableRedis (folder: string): Promise<Service> {
  await mkdir(folder)
  return await openRedis({}, ['--appendonly', 'yes', '--appendfsync', 'everysec', '--dir', folder])
}

/**
 * Starts the service as it runs in production: a real PostgreSQL that keeps what it promises through a power cut,
 * a real Redis, a carrier behind HTTP, the default log level, and no limits. `nodeArgs` are for its Node alone.
 */
export async function openStage (nodeArgs: readonly string[] = []): Promise<Stage> {
  await using opening = new AsyncDisposableStack()
  const folder = await mkdtemp(path.join(tmpdir(), 'cheershare-bench-'))
  opening.defer(async () => { await rm(folder, { recursive: true, force: true }) })
  moveTo('dependencies')
  const redis = await openDurableRedis(path.join(folder, 'redis'))
  opening.defer(redis.stop)
  const postgres = await openPostgres([])
  opening.defer(postgres.stop)
  moveTo('carrier')
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
    // As `npm start` sets them.
    MALLOC_ARENA_MAX: '2',
    MALLOC_MMAP_THRESHOLD_: '262144',
    // The images of uploads are taken away as they come.
    SWEEP_SECONDS: '0',
    SCRUB_SECONDS: '0',
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
  const users = await seed(databaseUrl)

  // A queue of its own, which no other service works off.
  moveTo('queue')
  const redisApart = await openDurableRedis(path.join(folder, 'redis-apart'))
  opening.defer(redisApart.stop)
  const envApart = { ...env, REDIS_URL: redisApart.url }
  moveTo('workers')
  for (let worker = 0; worker < workerCount; worker++) opening.defer(startWorker(envApart, path.join(folder, `worker-${worker}.log`)))
  const apart = await start('src/server.ts', { env: { ...envApart, SMS_DELIVERY: 'off' }, readyPath: '/health/ready', logFile: path.join(folder, 'apart.log'), nodeArgs })
  opening.defer(apart.stop)

  const bareEnv = { REDIS_URL: redis.url, DATABASE_URL: databaseUrl, CARRIER_URL: carrier.url, DATA_DIR: folder }
  const bare = await start('test/bench/bare.ts', { env: bareEnv, readyPath: '/protected', logFile: path.join(folder, 'bare.log') })
  opening.defer(bare.stop)
  const bareUpload = await start('test/bench/bare-upload.ts', { env: bareEnv, readyPath: '/', logFile: path.join(folder, 'bare-upload.log') })
  opening.defer(bareUpload.stop)

  const opened = opening.move()
  return {
    service,
    apart,
    bare,
    bareUpload,
    carrier,
    users,
    photo: await createPhoto(),
    uploads: path.join(folder, 'uploads'),
    growTo: async (total) => { await grow(databaseUrl, total) },
    startService,
    [Symbol.asyncDispose]: async () => { await opened.disposeAsync() }
  }
}
