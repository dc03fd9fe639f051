import { sql, type Kysely } from 'kysely'

export async function up (db: Kysely<unknown>): Promise<void> {
  // The challenges whose code began a session. It has no foreign keys, and rows are deleted after the longest life of a challenge.
  await db.schema.createTable('used_challenges')
    // SHA-256 of the id of the challenge.
    .addColumn('hash', 'bytea', (column) => column.primaryKey())
    .addColumn('used_at', sql`timestamp(0) with time zone`, (column) => column.notNull())
    .execute()
  // Used by the deletion of old rows.
  await db.schema.createIndex('used_challenges_used_at').on('used_challenges').column('used_at').execute()
}

export async function down (db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('used_challenges').execute()
}
