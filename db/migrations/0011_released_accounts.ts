import { sql, type Kysely } from 'kysely'

export async function up (db: Kysely<unknown>): Promise<void> {
  // An account loses its number when the owner of the number moves another account to it. The account and its data are deleted
  // later. Processes of the previous version never read such an account: it has no session, and no number finds it.
  await db.schema.alterTable('users').alterColumn('phone_number', (column) => column.dropNotNull()).execute()
  await db.schema.alterTable('users').addColumn('released_at', sql`timestamp(0) with time zone`).execute()
  // Used by the deletion of released accounts.
  await sql`create index users_released_at on users (released_at) where released_at is not null`.execute(db)
}

export async function down (db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('users').dropColumn('released_at').execute()
  // A released account keeps its data under a text that is no number. Nobody can sign in to it.
  await sql`update users set phone_number = 'released ' || id where phone_number is null`.execute(db)
  await db.schema.alterTable('users').alterColumn('phone_number', (column) => column.setNotNull()).execute()
}
