import { sql, type Kysely } from 'kysely'

export async function up (db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('tokens')
    .addColumn('hash', 'bytea', (column) => column.primaryKey())
    .addColumn('user_id', 'bigint', (column) => column.notNull().references('users.id').onDelete('cascade'))
    .addColumn('expiry', sql`timestamp(0) with time zone`, (column) => column.notNull())
    .addColumn('scope', 'text', (column) => column.notNull())
    .execute()
  // Used by the end of a user's sessions and by the cascade when a user is deleted.
  await db.schema.createIndex('tokens_user_id_scope').on('tokens').columns(['user_id', 'scope']).execute()
}

export async function down (db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('tokens').execute()
}
