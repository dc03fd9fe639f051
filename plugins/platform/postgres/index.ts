import fastifyPostgres from '@fastify/postgres'
import fp from 'fastify-plugin'
import { Kysely, PostgresDialect } from 'kysely'
import type { Pool } from 'pg'
import { pendingMigrations, migrateUp } from '../../../db/migrator.ts'
import type { Database } from '../../../db/schema.ts'
import { retryUntil, StartError } from '../../../src/process/retry-until.ts'
import { guardPool, type GuardedPool } from './guard.ts'
import { openEmbedded } from '../../../src/embedded-postgres/open.ts'
import { typeParsers } from './types.ts'
import { watchServer } from './watch.ts'

declare module 'fastify' {
  interface FastifyInstance {
    db: Kysely<Database>
    /** What `db` asks over, for a statement so frequent that Kysely's own steps count. Whoever takes a connection gives it back. */
    dbConnections: GuardedPool
  }
}

/** More connections that commit make each other slower: 16 were faster than 64. */
const poolSize = 16
/** As in the original: no statement runs longer. */
const statementTimeoutMs = 3000
/** A full pool answers 503 within the second that a lost server may take. */
const connectWithinMs = 900

/**
 * Offers `db` (Kysely) and the `dbConnections` below it, of the pool of @fastify/postgres, to DATABASE_URL or to the embedded server.
 * Start waits for the server and refuses a schema that is behind; close ends the pool, then the embedded server.
 */
export default fp(async (fastify) => {
  const { config, log, startSignal: signal } = fastify
  const embedded = config.database.url === undefined ? await openEmbedded(config.process.dataDir, log) : undefined
  if (embedded !== undefined) fastify.addHook('onClose', embedded.close)
  const connection = { connectionString: embedded?.url ?? config.database.url, types: typeParsers, application_name: 'cheershare' }

  await fastify.register(fastifyPostgres, {
    ...connection,
    max: poolSize,
    connectionTimeoutMillis: connectWithinMs,
    statement_timeout: statementTimeoutMs,
    // The server ends a slow statement; this ends the wait for a server that cannot be heard.
    query_timeout: statementTimeoutMs + connectWithinMs,
    idle_in_transaction_session_timeout: statementTimeoutMs,
    // Every statement is an index look-up or an insert: planning it anew for each list of hashes costs more than running it.
    options: '-c plan_cache_mode=force_generic_plan'
  })
  const pool: Pool = fastify.pg.pool
  pool.on('error', (error) => log.warn({ err: error }, 'an idle PostgreSQL connection was lost'))

  await retryUntil({ dependency: 'PostgreSQL', seconds: config.process.startWaitSeconds, log, signal }, async () => { await pool.query('select 1') })
  await ensureSchema(pool, config.database.migratesOnStart)

  const watch = watchServer(connection, (reason) => {
    if (reason === undefined) log.info('PostgreSQL answers again')
    else log.error({ err: reason }, 'PostgreSQL does not answer')
  })
  fastify.addHook('onClose', watch.stop)
  fastify.health.add('postgres', async () => { if (watch.reason !== undefined) throw watch.reason })
  const connections = guardPool(pool, watch)
  fastify.decorate('dbConnections', connections)
  fastify.decorate('db', new Kysely<Database>({ dialect: new PostgresDialect({ pool: connections }) }))
}, { name: 'postgres', dependencies: ['health'], fastify: '5.x' })

async function ensureSchema (pool: Pool, isAllowed: boolean): Promise<void> {
  if (isAllowed) {
    await migrateUp(pool)
    return
  }
  const pending = await pendingMigrations(pool)
  if (pending.length > 0) {
    throw new StartError(`the database schema lacks ${pending.join(', ')}: run "npm run db:migrate -- --yes" first, or set MIGRATE_ON_START=on`)
  }
}
