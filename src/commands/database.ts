import Fastify from 'fastify'
import pg from 'pg'
import { loadConfig } from '../config/index.ts'
import { openEmbedded } from '../embedded-postgres/open.ts'

/** Runs a command's work against the database of the service. Without DATABASE_URL this starts the embedded one. */
export async function withDatabase (env: NodeJS.ProcessEnv, work: (url: string, pool: pg.Pool) => Promise<void>): Promise<void> {
  const { database: { url }, process: { dataDir } } = loadConfig({ DATABASE_URL: env['DATABASE_URL'], DATA_DIR: env['DATA_DIR'] })
  const { log } = Fastify({ logger: { level: 'error' } })
  const server = url === undefined ? await openEmbedded(dataDir, log) : { url, close: async () => {} }
  const pool = new pg.Pool({ connectionString: server.url, max: 1 })
  try {
    await work(server.url, pool)
  } finally {
    await pool.end()
    await server.close()
  }
}
