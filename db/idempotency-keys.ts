import type { Kysely } from 'kysely'
import type { Database, IdempotencyKeyTable } from './schema.ts'

export type KeptKey = Pick<IdempotencyKeyTable, 'fingerprint' | 'creative_id'>

export interface KeyOfUser {
  userId: number
  keyHash: Buffer
  /** Keys from before this moment no longer count. */
  since: Date
}

export async function findIdempotencyKey (db: Kysely<Database>, { userId, keyHash, since }: KeyOfUser): Promise<KeptKey | undefined> {
  return await db.selectFrom('idempotency_keys').select(['fingerprint', 'creative_id'])
    .where('user_id', '=', userId).where('key_hash', '=', keyHash).where('created_at', '>', since).executeTakeFirst()
}

/** Keeps the key of a creative, or returns what it already stands for, which was committed before. */
export async function keepIdempotencyKey (
  transaction: Kysely<Database>, key: KeyOfUser, kept: { fingerprint: Buffer, creative_id: number, created_at: Date }
): Promise<KeptKey | undefined> {
  const { userId, keyHash, since } = key
  const { numInsertedOrUpdatedRows } = await transaction.insertInto('idempotency_keys').values({ user_id: userId, key_hash: keyHash, ...kept })
    .onConflict((conflict) => conflict.columns(['user_id', 'key_hash']).doUpdateSet(kept).where('idempotency_keys.created_at', '<=', since))
    .executeTakeFirstOrThrow()
  return numInsertedOrUpdatedRows === 1n ? undefined : await findIdempotencyKey(transaction, key)
}

/** Deletes at most `limit` keys from before a moment; returns how many. Several may do it at once. */
export async function deleteIdempotencyKeys (db: Kysely<Database>, before: Date, limit: number): Promise<number> {
  const over = db.selectFrom('idempotency_keys').select(['user_id', 'key_hash']).where('created_at', '<=', before).orderBy('created_at')
    .limit(limit).forUpdate().skipLocked()
  const { numDeletedRows } = await db.with('over', () => over).deleteFrom('idempotency_keys').using('over')
    .whereRef('idempotency_keys.user_id', '=', 'over.user_id').whereRef('idempotency_keys.key_hash', '=', 'over.key_hash').executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}
