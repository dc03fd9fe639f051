import { sql, type Kysely } from 'kysely'

export async function up (db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('users')
    // IANA name of the time zone of "today", unless a request names a zone.
    .addColumn('time_zone', 'text')
    // True if the account was created by the fixed code of a test number.
    .addColumn('is_test', 'boolean', (column) => column.notNull().defaultTo(false))
    // Incremented when all sessions end, so that a login in flight does not begin another one.
    .addColumn('sessions_epoch', 'integer', (column) => column.notNull().defaultTo(0))
    .execute()
  // At most one per user. The new number is sealed, because only the table `users` may hold readable numbers.
  await db.schema.createTable('phone_changes')
    .addColumn('user_id', 'bigint', (column) => column.primaryKey().references('users.id').onDelete('cascade'))
    .addColumn('secret_id', 'text', (column) => column.notNull())
    .addColumn('sealed_phone', 'text', (column) => column.notNull())
    .addColumn('requested_at', sql`timestamp(0) with time zone`, (column) => column.notNull())
    .execute()
  // Used by the deletion of expired rows.
  await db.schema.createIndex('phone_changes_requested_at').on('phone_changes').column('requested_at').execute()
}

export async function down (db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('phone_changes').execute()
  await db.schema.alterTable('users').dropColumn('sessions_epoch').dropColumn('is_test').dropColumn('time_zone').execute()
}
