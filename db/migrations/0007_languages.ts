import type { Kysely } from 'kysely'

export async function up (db: Kysely<unknown>): Promise<void> {
  // Of the SMS that the last login was by, a BCP 47 language: notices are written in it.
  await db.schema.alterTable('users').addColumn('language', 'text').execute()
}

export async function down (db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('users').dropColumn('language').execute()
}
