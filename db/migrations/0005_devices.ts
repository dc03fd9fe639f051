import { sql, type Kysely } from 'kysely'

export async function up (db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('device_tokens')
    .addColumn('hash', 'bytea', (column) => column.primaryKey())
    .addColumn('user_id', 'bigint', (column) => column.notNull().references('users.id').onDelete('cascade'))
    .addColumn('created_at', sql`timestamp(0) with time zone`, (column) => column.notNull().defaultTo(sql`now()`))
    .addColumn('expiry', sql`timestamp(0) with time zone`, (column) => column.notNull())
    .execute()
  // Used by the cascade and the export of a user, and by the deletion of expired rows.
  await db.schema.createIndex('device_tokens_user_id').on('device_tokens').column('user_id').execute()
  await db.schema.createIndex('device_tokens_expiry').on('device_tokens').column('expiry').execute()
}

export async function down (db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('device_tokens').execute()
}
