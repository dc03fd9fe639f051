import { sql, type Kysely } from 'kysely'

export async function up (db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('users')
    // IANA name; whose day "today" is, where the request does not say.
    .addColumn('time_zone', 'text')
    // Made by the fixed code of a test number.
    .addColumn('is_test', 'boolean', (column) => column.notNull().defaultTo(false))
    .execute()
  // At most one a user. The new number stays sealed in the challenge: no table but users has numbers.
  await db.schema.createTable('phone_changes')
    .addColumn('user_id', 'bigint', (column) => column.primaryKey().references('users.id').onDelete('cascade'))
    .addColumn('challenge_id', 'text', (column) => column.notNull())
    .addColumn('requested_at', sql`timestamp(0) with time zone`, (column) => column.notNull())
    .execute()
}

export async function down (db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('phone_changes').execute()
  await db.schema.alterTable('users').dropColumn('is_test').dropColumn('time_zone').execute()
}
