import Fastify from 'fastify'
import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient } from 'kysely'
import pg from 'pg'
import { createQualifier } from '../../db/qualify.ts'
import type { Database } from '../../db/schema.ts'
import { loadConfig } from '../config/index.ts'
import { openEmbedded } from '../embedded-postgres/open.ts'

/** The database of a command. `db` qualifies the tables with the schema; `pool` does not. */
export interface OpenedDatabase {
  url: string
  schema: string
  pool: pg.Pool
  db: Kysely<Database>
}

/** Wraps a pool for Kysely, so that the tables of each statement are qualified with the schema. */
function qualifyPool (pool: pg.Pool, schema: string): PostgresPool {
  const qualify = createQualifier(schema)
  return {
    async connect () {
      const client = await pool.connect()
      const query = async (text: string, values: readonly unknown[]): Promise<unknown> => await client.query(qualify(text), [...values])
      return { query, release: () => { client.release() } } as PostgresPoolClient
    },
    end: async () => { await pool.end() },
    options: {}
  }
}

/** Runs a command's work against the database of the service. Without DATABASE_URL this starts the embedded one. */
export async function withDatabase (env: NodeJS.ProcessEnv, work: (opened: OpenedDatabase) => Promise<void>): Promise<void> {
  const { database: { url, schema }, process: { dataDir } } = loadConfig({
    DATABASE_URL: env['DATABASE_URL'], DATABASE_SCHEMA: env['DATABASE_SCHEMA'], DATA_DIR: env['DATA_DIR']
  })
  const { log } = Fastify({ logger: { level: 'error' } })
  const server = url === undefined ? await openEmbedded(dataDir, log) : { url, close: async () => {} }
  const pool = new pg.Pool({ connectionString: server.url, max: 1 })
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool: qualifyPool(pool, schema) }) })
  try {
    await work({ url: server.url, pool, schema, db })
  } finally {
    // This does not end a pool that `db` has not used.
    await db.destroy()
    if (!pool.ended) await pool.end()
    await server.close()
  }
}
