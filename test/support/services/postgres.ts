import { mkdtemp, chmod, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import Fastify from 'fastify'
import pg from 'pg'
import { migrateUp } from '../../../db/migrator.ts'
import { chooseInstallation } from '../../../src/embedded-postgres/installation.ts'
import { answers, initialize, startServer, stopServer, urlOf } from '../../../src/embedded-postgres/server.ts'
import { findServer } from '../../../src/embedded-postgres/process.ts'
import type { Service } from './redis.ts'

/** The migrated database that the databases of the tests are copied from. */
export const templateDatabase = 'cheershare'

/** Settings without durability, because no test data must survive a power failure. */
const fastSettings = ['fsync=off', 'full_page_writes=off', 'synchronous_commit=off', 'max_connections=400']

/** Starts a PostgreSQL for the tests, from the binaries of the embedded server. */
export async function openPostgres (settings: readonly string[] = fastSettings): Promise<Service> {
  const folder = await mkdtemp(path.join(tmpdir(), 'cheershare-test-'))
  await chmod(folder, 0o755)
  const installation = await chooseInstallation(folder, Fastify({ logger: { level: 'error' } }).log)
  await initialize(installation)
  await startServer(installation, settings)
  await answers(installation)
  const pool = new pg.Pool({ connectionString: urlOf(installation), max: 1 })
  await migrateUp(pool)
  await pool.end()
  return {
    url: urlOf(installation, 'postgres'),
    pid: await findServer(installation),
    async stop () {
      await stopServer(installation)
      await rm(folder, { recursive: true, force: true })
    }
  }
}
