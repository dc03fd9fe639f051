import { sql, type Kysely } from 'kysely'

export async function up (db: Kysely<unknown>): Promise<void> {
  // The right of one process to do a task for some time. It takes the place of advisory locks, which need a session.
  await db.schema.createTable('leases')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('holder', 'uuid', (column) => column.notNull())
    .addColumn('expires_at', sql`timestamp with time zone`, (column) => column.notNull())
    .execute()
  // The blobs that the present sweep found in storage. A crash of the server empties an unlogged table; the next sweep fills it.
  await sql`
    create unlogged table listed_blobs (key text, variant text, stored_at timestamp with time zone not null, primary key (key, variant))
  `.execute(db)
}

export async function down (db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('listed_blobs').execute()
  await db.schema.dropTable('leases').execute()
}
