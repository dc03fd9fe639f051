import type { Kysely } from 'kysely'
import type { Database, IdempotencyKeyTable } from './schema.ts'

export type StoredKey = Pick<IdempotencyKeyTable, 'fingerprint' | 'creative_id'>

export interface KeyOfUser {
  userId: number
  keyHash: Buffer
  /** Older keys have expired. */
  since: Date
}

export async function findIdempotencyKey (db: Kysely<Database>, { userId, keyHash, since }: KeyOfUser): Promise<StoredKey | undefined> {
  return await db.selectFrom('idempotency_keys').select(['fingerprint', 'creative_id'])
    .where('user_id', '=', userId).where('key_hash', '=', keyHash).where('created_at', '>', since).executeTakeFirst()
}

/** Stores the key of a creative, or returns the committed row that already has this key. */
export async function insertIdempotencyKey (
  transaction: Kysely<Database>, key: KeyOfUser, row: { fingerprint: Buffer, creative_id: number, created_at: Date }
): Promise<StoredKey | undefined> {
  const { userId, keyHash, since } = key
  const { numInsertedOrUpdatedRows } = await transaction.insertInto('idempotency_keys')
    .values({ user_id: userId, key_hash: keyHash, ...row })
    .onConflict((conflict) => conflict.columns(['user_id', 'key_hash']).doUpdateSet(row).where('idempotency_keys.created_at', '<=', since))
    .executeTakeFirstOrThrow()
  return numInsertedOrUpdatedRows === 1n ? undefined : await findIdempotencyKey(transaction, key)
}

/** Deletes at most `limit` keys that are older than this moment; returns their number. Instances may call it concurrently. */
export async function deleteIdempotencyKeys (db: Kysely<Database>, before: Date, limit: number): Promise<number> {
  const expired = db.selectFrom('idempotency_keys').select(['user_id', 'key_hash']).where('created_at', '<=', before).orderBy('created_at')
    .limit(limit).forUpdate().skipLocked()
  const { numDeletedRows } = await db.with('expired', () => expired).deleteFrom('idempotency_keys').using('expired')
    .whereRef('idempotency_keys.user_id', '=', 'expired.user_id').whereRef('idempotency_keys.key_hash', '=', 'expired.key_hash')
    .executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}
