import { sql, type Kysely } from 'kysely'

const columns = [
  ['users', 'created_at'], ['tokens', 'created_at'], ['tokens', 'last_used_at'], ['creatives', 'created_at'], ['creatives', 'updated_at'],
  ['device_tokens', 'created_at'], ['calendar_feeds', 'created_at']
] as const

export async function up (db: Kysely<unknown>): Promise<void> {
  // These columns have no fraction of a second, and PostgreSQL rounds to the nearest one: half of the rows said that they were created
  // in the future. Only the catalogue changes, so the lock is short.
  await setDefaults(db, sql`date_trunc('second', now())`)
}

export async function down (db: Kysely<unknown>): Promise<void> {
  await setDefaults(db, sql`now()`)
}

async function setDefaults (db: Kysely<unknown>, value: ReturnType<typeof sql>): Promise<void> {
  for (const [table, column] of columns) await db.schema.alterTable(table).alterColumn(column, (builder) => builder.setDefault(value)).execute()
}
