import type { Kysely, Selectable } from 'kysely'
import type { Database, UsageTable } from './schema.ts'

export async function findUsage (db: Kysely<Database>, userId: number): Promise<Selectable<UsageTable> | undefined> {
  return await db.selectFrom('usages').selectAll().where('user_id', '=', userId).executeTakeFirst()
}

/**
 * Holds a user's usage until the transaction ends; false where there is none, and so no user. Whatever changes images
 * or creatives together with the quota does this first, so that no two of them wait for each other.
 */
export async function lockUsage (transaction: Kysely<Database>, userId: number): Promise<boolean> {
  return await transaction.selectFrom('usages').select('user_id').where('user_id', '=', userId).forUpdate().executeTakeFirst() !== undefined
}
