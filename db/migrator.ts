import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { Kysely, PostgresDialect, sql } from 'kysely'
import { FileMigrationProvider, Migrator, type Migration, type MigrationResultSet } from 'kysely/migration'
import type { Pool } from 'pg'
import { defaultSchema } from './qualify.ts'

export const migrationFolder = path.join(import.meta.dirname, 'migrations')

function createMigrator (pool: Pool, schema: string): Migrator {
  // A separate Kysely instance, because schema statements run once and are not worth preparing. The caller closes the pool.
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  const files = new FileMigrationProvider({ fs: { readdir }, path, migrationFolder })
  if (schema === defaultSchema) return new Migrator({ db, provider: files })
  const provider = {
    async getMigrations () {
      const migrations = Object.entries(await files.getMigrations())
      return Object.fromEntries(migrations.map(([name, migration]) => [name, migrateIn(schema, migration)]))
    }
  }
  return new Migrator({ db, provider, migrationTableSchema: schema })
}

/** Runs a migration in a schema. The setting ends with the transaction of the migrations, so that a pooler keeps nothing of it. */
function migrateIn (schema: string, { up, down }: Migration): Migration {
  const enter = async (db: Kysely<unknown>) => { await sql`set local search_path to ${sql.id(schema)}`.execute(db) }
  return {
    async up (db) {
      await enter(db)
      await up(db)
    },
    async down (db) {
      await enter(db)
      await down?.(db)
    }
  }
}

/** Returns the names of the migrations that the database lacks, in order. */
export async function pendingMigrations (pool: Pool, schema = defaultSchema): Promise<string[]> {
  const all = await createMigrator(pool, schema).getMigrations()
  return all.filter(({ executedAt }) => executedAt === undefined).map(({ name }) => name)
}

/** Applies every pending migration; returns their names. Safe when several processes start at once. */
export async function migrateUp (pool: Pool, schema = defaultSchema): Promise<string[]> {
  return namesOf(await createMigrator(pool, schema).migrateToLatest())
}

/** Reverts the newest migration. Returns its name in a list, which is empty if there is none. */
export async function migrateDown (pool: Pool, schema = defaultSchema): Promise<string[]> {
  return namesOf(await createMigrator(pool, schema).migrateDown())
}

/** Kysely returns a failure as a value instead of throwing, so it must be checked. */
function namesOf ({ error, results = [] }: MigrationResultSet): string[] {
  if (error !== undefined) throw new Error('the migration failed and was rolled back', { cause: error })
  return results.map(({ migrationName }) => migrationName)
}
