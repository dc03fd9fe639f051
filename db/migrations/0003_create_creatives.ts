import { sql, type Kysely } from 'kysely'

export async function up (db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('creatives')
    .addColumn('id', 'bigserial', (column) => column.primaryKey())
    .addColumn('user_id', 'bigint', (column) => column.notNull().references('users.id').onDelete('cascade'))
    .addColumn('creative_url', 'text', (column) => column.notNull().unique())
    .addColumn('scheduled_at', 'date', (column) => column.notNull())
    .addColumn('created_at', sql`timestamp(0) with time zone`, (column) => column.notNull().defaultTo(sql`now()`))
    .addColumn('state', 'text', (column) => column.notNull().defaultTo('pending').check(sql`state in ('pending', 'ready')`))
    .addColumn('content_type', 'text', (column) => column.notNull())
    .addColumn('byte_count', 'bigint', (column) => column.notNull())
    .addColumn('sha256', 'bytea', (column) => column.notNull())
    .execute()
  // Used by the list of a day, newest first, and by that of one owner, which also serves the cascade.
  await sql`create index creatives_scheduled_at on creatives (scheduled_at, id desc) where state = 'ready'`.execute(db)
  await sql`create index creatives_user_id_scheduled_at on creatives (user_id, scheduled_at, id desc)`.execute(db)
}

export async function down (db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('creatives').execute()
}
