import type { Kysely } from 'kysely'
import type { Creative, Database, NewCreative } from './schema.ts'

export async function insertCreative (db: Kysely<Database>, creative: NewCreative): Promise<Creative> {
  return await db.insertInto('creatives').values(creative).returningAll().executeTakeFirstOrThrow()
}

export async function deleteCreative (db: Kysely<Database>, id: number): Promise<void> {
  await db.deleteFrom('creatives').where('id', '=', id).execute()
}
