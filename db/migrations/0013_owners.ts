import type { Kysely } from 'kysely'

export async function up (db: Kysely<unknown>): Promise<void> {
  // The users of a host app whose creatives are kept here. Each has a row in users, without a phone number, so that creatives and
  // images need no second kind of owner. Processes of the previous version treat it as an account that no number finds.
  await db.schema.createTable('owners')
    .addColumn('external_id', 'text', (column) => column.primaryKey())
    .addColumn('user_id', 'bigint', (column) => column.notNull().unique().references('users.id').onDelete('cascade'))
    .execute()
}

export async function down (db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('owners').execute()
}
