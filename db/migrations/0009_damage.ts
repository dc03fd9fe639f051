import type { Kysely } from 'kysely'

export async function up (db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('creatives')
    // A blob of its image is lost or spoilt: it is shown to nobody until that is mended.
    .addColumn('is_damaged', 'boolean', (column) => column.notNull().defaultTo(false))
    .execute()
}

export async function down (db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('creatives').dropColumn('is_damaged').execute()
}
