import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { Kysely, PostgresDialect } from 'kysely'
import { FileMigrationProvider, Migrator, type MigrationResultSet } from 'kysely/migration'
import type { Pool } from 'pg'

export const migrationFolder = path.join(import.meta.dirname, 'migrations')

function createMigrator (pool: Pool): Migrator {
  // A separate Kysely instance, because schema statements run once and are not worth preparing. The caller closes the pool.
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  return new Migrator({ db, provider: new FileMigrationProvider({ fs: { readdir }, path, migrationFolder }) })
}

/** Returns the names of the migrations that the database lacks, in order. */
export async function pendingMigrations (pool: Pool): Promise<string[]> {
  const all = await createMigrator(pool).getMigrations()
  return all.filter(({ executedAt }) => executedAt === undefined).map(({ name }) => name)
}

/** Applies every pending migration; returns their names. Safe when several processes start at once. */
export async function migrateUp (pool: Pool): Promise<string[]> {
  return namesOf(await createMigrator(pool).migrateToLatest())
}

/** Reverts the newest migration. Returns its name in a list, which is empty if there is none. */
export async function migrateDown (pool: Pool): Promise<string[]> {
  return namesOf(await createMigrator(pool).migrateDown())
}

/** Kysely returns a failure as a value instead of throwing, so it must be checked. */
function namesOf ({ error, results = [] }: MigrationResultSet): string[] {
  if (error !== undefined) throw new Error('the migration failed and was rolled back', { cause: error })
  return results.map(({ migrationName }) => migrationName)
}
