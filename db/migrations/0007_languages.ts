import type { Kysely } from 'kysely'

export async function up (db: Kysely<unknown>): Promise<void> {
  // BCP 47 language of the SMS of the last login; notices use it.
  await db.schema.alterTable('users').addColumn('language', 'text').execute()
}

export async function down (db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('users').dropColumn('language').execute()
}
