import { sql, type Kysely } from 'kysely'

const moment = sql`timestamp with time zone`

export async function up (db: Kysely<unknown>): Promise<void> {
  // The keys that sign JWTs. The private part is sealed under APP_SECRET; the newest key whose time has come signs.
  await db.schema.createTable('signing_keys')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('algorithm', 'text', (column) => column.notNull())
    .addColumn('public_key', 'jsonb', (column) => column.notNull())
    .addColumn('secret_id', 'text', (column) => column.notNull())
    .addColumn('sealed_key', 'text', (column) => column.notNull())
    .addColumn('created_at', moment, (column) => column.notNull())
    .addColumn('signs_from', moment, (column) => column.notNull())
    .execute()
}

export async function down (db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('signing_keys').execute()
}
