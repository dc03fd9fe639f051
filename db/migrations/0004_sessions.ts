import { sql, type Kysely } from 'kysely'

const moment = sql`timestamp(0) with time zone`
const now = sql`now()`

export async function up (db: Kysely<unknown>): Promise<void> {
  // The defaults are for instances of the version before, which go on for a while: what they insert ends at its expiry,
  // as do the rows that are here already.
  await db.schema.alterTable('tokens')
    .addColumn('id', 'bigserial', (column) => column.notNull().unique())
    .addColumn('created_at', moment, (column) => column.notNull().defaultTo(now))
    .addColumn('last_used_at', moment, (column) => column.notNull().defaultTo(now))
    .addColumn('final_expiry', moment, (column) => column.notNull().defaultTo(now))
    .addColumn('user_agent', 'text')
    .addColumn('address', 'text')
    .execute()
  await sql`update tokens set final_expiry = expiry`.execute(db)
  // Cleaning up.
  await db.schema.createIndex('tokens_expiry').on('tokens').column('expiry').execute()
}

export async function down (db: Kysely<unknown>): Promise<void> {
  await db.schema.dropIndex('tokens_expiry').execute()
  await db.schema.alterTable('tokens')
    .dropColumn('id').dropColumn('created_at').dropColumn('last_used_at').dropColumn('final_expiry').dropColumn('user_agent').dropColumn('address')
    .execute()
}
