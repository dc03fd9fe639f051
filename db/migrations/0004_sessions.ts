import { sql, type Kysely } from 'kysely'

const moment = sql`timestamp(0) with time zone`
const now = sql`now()`

export async function up (db: Kysely<unknown>): Promise<void> {
  // Instances of the previous version still insert rows for a while. With these defaults such rows, and existing ones,
  // end at their expiry.
  await db.schema.alterTable('tokens')
    .addColumn('id', 'bigserial', (column) => column.notNull().unique())
    .addColumn('created_at', moment, (column) => column.notNull().defaultTo(now))
    .addColumn('last_used_at', moment, (column) => column.notNull().defaultTo(now))
    .addColumn('final_expiry', moment, (column) => column.notNull().defaultTo(now))
    .addColumn('user_agent', 'text')
    .addColumn('address', 'text')
    .execute()
  await sql`update tokens set final_expiry = expiry`.execute(db)
  // Used by the deletion of expired rows.
  await db.schema.createIndex('tokens_expiry').on('tokens').column('expiry').execute()
}

export async function down (db: Kysely<unknown>): Promise<void> {
  await db.schema.dropIndex('tokens_expiry').execute()
  await db.schema.alterTable('tokens')
    .dropColumn('id').dropColumn('created_at').dropColumn('last_used_at').dropColumn('final_expiry').dropColumn('user_agent')
    .dropColumn('address')
    .execute()
}
