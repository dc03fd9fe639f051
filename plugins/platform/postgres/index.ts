import fastifyPostgres from '@fastify/postgres'
import fp from 'fastify-plugin'
import { Kysely, PostgresDialect } from 'kysely'
import type { Pool } from 'pg'
import { pendingMigrations, migrateUp } from '../../../db/migrator.ts'
import type { Database } from '../../../db/schema.ts'
import type { Config } from '../../../src/config/index.ts'
import { commandLine } from '../../../src/process/package-info.ts'
import { retryUntil, StartError } from '../../../src/process/retry-until.ts'
import { guardPool, type GuardedPool } from './guard.ts'
import { explainRefusal } from './refusals.ts'
import { openEmbedded } from '../../../src/embedded-postgres/open.ts'
import { typeParsers } from './types.ts'
import { watchServer } from './watch.ts'

declare module 'fastify' {
  interface FastifyInstance {
    db: Kysely<Database>
    /** The connections of `db`, for statements that are too frequent for the cost of Kysely. The caller releases each connection. */
    dbConnections: GuardedPool
  }
}

/** The connection that `watchServer` holds. */
const probeConnections = 1

/**
 * Connects `db` (Kysely) and `dbConnections` by the pool of @fastify/postgres to DATABASE_URL, or to the embedded server. The
 * start waits for the server and fails when migrations are pending; close ends the pool, then the embedded server.
 */
export default fp(async (fastify) => {
  const { config, log, startSignal: signal } = fastify
  const { connectionMs, statementMs, probeMs } = config.process.timeouts
  const embedded = config.database.url === undefined ? await openEmbedded(config.process.dataDir, log) : undefined
  if (embedded !== undefined) fastify.addHook('onClose', embedded.close)
  const { isPrepared, poolSize, schema } = config.database
  const connection = { connectionString: embedded?.url ?? config.database.url, types: typeParsers }
  const session = isPrepared ? { application_name: 'cheershare' } : {}

  await fastify.register(fastifyPostgres, {
    ...connection,
    ...isPrepared ? { ...session, ...sessionSettings(statementMs) } : {},
    max: poolSize - probeConnections,
    connectionTimeoutMillis: connectionMs,
    // The server ends a slow statement; this ends the wait for a server whose replies do not arrive.
    query_timeout: statementMs + connectionMs
  })
  const pool: Pool = fastify.pg.pool
  pool.on('error', (error) => log.warn({ err: error }, 'an idle PostgreSQL connection was lost'))

  const retry = { dependency: 'PostgreSQL', seconds: config.process.startWaitSeconds, log, signal }
  await retryUntil(retry, async () => {
    try {
      await pool.query('select 1')
    } catch (error) {
      explainRefusal(error as Error)
    }
  })
  await ensureSchema(pool, config.database)

  const watch = watchServer({ ...connection, ...session }, probeMs, (reason) => {
    if (reason === undefined) log.info('PostgreSQL answers again')
    else log.error({ err: reason }, 'PostgreSQL does not answer')
  })
  fastify.addHook('onClose', watch.stop)
  fastify.health.add('postgres', async () => { if (watch.reason !== undefined) throw watch.reason })
  const connections = guardPool(pool, watch, { isPrepared, schema })
  fastify.decorate('dbConnections', connections)
  fastify.decorate('db', new Kysely<Database>({ dialect: new PostgresDialect({ pool: connections }) }))
}, { name: 'postgres', dependencies: ['health'], fastify: '5.x' })

/** Limits of a session, as start-up parameters. A pooler in transaction mode accepts none, so that the role has to have them. */
function sessionSettings (statementMs: number) {
  return {
    statement_timeout: statementMs,
    idle_in_transaction_session_timeout: statementMs,
    // Every statement is an index lookup or an insert: a new plan for each list of hashes costs more than running it.
    options: '-c plan_cache_mode=force_generic_plan'
  }
}

/** SQLSTATE of a missing right. */
const insufficientPrivilege = '42501'

function explainRights (error: unknown, schema: string): unknown {
  const { cause } = error as Error & { cause?: { code?: unknown } }
  if (cause?.code !== insufficientPrivilege) return error
  return new StartError(
    `the role of DATABASE_URL may not create the schema ${schema} or tables in it: run "create schema ${schema} authorization ROLE" ` +
      'as the owner of the database, or migrate as another role and set MIGRATE_ON_START=off', { cause: error }
  )
}

async function ensureSchema (pool: Pool, { migratesOnStart, schema }: Config['database']): Promise<void> {
  if (migratesOnStart) {
    await migrateUp(pool, schema).catch((error: unknown) => { throw explainRights(error, schema) })
    return
  }
  const pending = await pendingMigrations(pool, schema)
  if (pending.length > 0) {
    throw new StartError(
      `the database schema lacks ${pending.join(', ')}: run "${commandLine('migrate', '--yes', 'db:migrate')}" first, or set MIGRATE_ON_START=on`
    )
  }
}
