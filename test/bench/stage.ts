import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { rateLimits } from '../../src/domain/auth/limits.ts'
import { openPostgres } from '../support/services/postgres.ts'
import { openRedis, type Service } from '../support/services/redis.ts'
import { moveTo } from './cores.ts'
import type { Role } from './cpu.ts'
import { createPhoto } from './photo.ts'
import { startCarrier, startServer, startWorker, type CarrierProcess, type Server } from './processes.ts'
import { grow, seed, type SeededUser } from './seed.ts'

/** The servers and data that the rounds use. */
export interface Stage extends AsyncDisposable {
  service: Server
  /** A service that only queues SMS; two workers deliver them. */
  apart: Server
  /** The processes whose time is measured: of the two services and the servers that they are compared with. */
  processes: Record<'service' | 'apart' | 'bare' | 'bareUpload' | 'oidc', Record<Role, number[]>>
  bare: Server
  bareUpload: Server
  /** `oidc-provider`, whose introspection is compared with that of the service. */
  oidc: Server
  carrier: CarrierProcess
  users: SeededUser[]
  /** Folder of the uploaded images. */
  uploads: string
  /** The photo that clients upload. */
  photo: Buffer
  /** Adds creatives that are not due until their total number is `total`. */
  growTo (total: number): Promise<void>
  /** Starts another service on the same dependencies. `nodeArgs` are options of its Node. */
  startService (nodeArgs?: readonly string[]): Promise<Server>
}

const workerCount = 2

/** The service that introspects tokens. */
export const resourceServer = { name: 'bench', secret: randomBytes(24).toString('hex'), audience: 'orders' }

const limits = [
  'LIMIT_SENDS_PER_PHONE_HOUR', 'LIMIT_SENDS_PER_PHONE_DAY', ...rateLimits.map(({ setting }) => setting),
  'QUOTA_CREATIVES_PER_DAY', 'QUOTA_BYTES_PER_USER'
]

/** Redis as the documentation recommends: with an append-only file that is synced each second. */
async function openDurableRedis (folder: string): Promise<Service> {
  await mkdir(folder)
  return await openRedis({}, ['--appendonly', 'yes', '--appendfsync', 'everysec', '--dir', folder])
}

/**
 * Starts the service as in production: a durable PostgreSQL, a durable Redis, a carrier behind HTTP, the default log level, and no
 * limits. `nodeArgs` are options of the measured service's Node.
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
    // `npm start` sets the same values.
    MALLOC_ARENA_MAX: '2',
    MALLOC_MMAP_THRESHOLD_: '262144',
    JWT_AUDIENCES: resourceServer.audience,
    RESOURCE_SERVERS: Object.values(resourceServer).join(':'),
    // Longer than the rounds.
    JWT_TTL_SECONDS: '900',
    // The benchmark deletes uploaded images itself.
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

  // This queue belongs to the service with separate workers alone.
  moveTo('queue')
  const redisApart = await openDurableRedis(path.join(folder, 'redis-apart'))
  opening.defer(redisApart.stop)
  const envApart = { ...env, REDIS_URL: redisApart.url }
  moveTo('workers')
  const workers = Array.from({ length: workerCount }, (_none, index) => startWorker(envApart, path.join(folder, `worker-${index}.log`)))
  for (const worker of workers) opening.defer(worker.stop)
  const apart = await start('src/server.ts', {
    env: { ...envApart, SMS_DELIVERY: 'off' }, readyPath: '/health/ready', logFile: path.join(folder, 'apart.log'), nodeArgs
  })
  opening.defer(apart.stop)

  const bareEnv = { REDIS_URL: redis.url, DATABASE_URL: databaseUrl, CARRIER_URL: carrier.url, DATA_DIR: folder }
  const bare = await start('test/bench/bare.ts', { env: bareEnv, readyPath: '/protected', logFile: path.join(folder, 'bare.log') })
  opening.defer(bare.stop)
  const bareUpload = await start('test/bench/bare-upload.ts', {
    env: bareEnv, readyPath: '/', logFile: path.join(folder, 'bare-upload.log')
  })
  opening.defer(bareUpload.stop)

  const oidc = await start('test/bench/oidc-server.ts', {
    env: { DATABASE_URL: databaseUrl, CLIENT_ID: resourceServer.name, CLIENT_SECRET: resourceServer.secret },
    readyPath: '/tokens',
    logFile: path.join(folder, 'oidc.log')
  })
  opening.defer(oidc.stop)

  const opened = opening.move()
  const pids = (...servers: Array<{ pid?: number | undefined }>) => servers.map(({ pid = 0 }) => pid)
  const shared = { worker: [], postgres: pids(postgres), redis: pids(redis) }
  return {
    service,
    apart,
    processes: {
      service: { ...shared, server: pids(service) },
      apart: { server: pids(apart), worker: pids(...workers), postgres: pids(postgres), redis: pids(redisApart) },
      bare: { ...shared, server: pids(bare) },
      bareUpload: { ...shared, server: pids(bareUpload) },
      oidc: { ...shared, server: pids(oidc) }
    },
    bare,
    bareUpload,
    oidc,
    carrier,
    users,
    photo: await createPhoto(),
    uploads: path.join(folder, 'uploads'),
    growTo: async (total) => { await grow(databaseUrl, total) },
    startService,
    [Symbol.asyncDispose]: async () => { await opened.disposeAsync() }
  }
}
