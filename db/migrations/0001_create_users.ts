import { sql, type Kysely } from 'kysely'

export async function up (db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('users')
    .addColumn('id', 'bigserial', (column) => column.primaryKey())
    .addColumn('created_at', sql`timestamp(0) with time zone`, (column) => column.notNull().defaultTo(sql`now()`))
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('phone_number', 'text', (column) => column.notNull().unique())
    .addColumn('version', 'integer', (column) => column.notNull().defaultTo(1))
    .execute()
}

export async function down (db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('users').execute()
}
