import { sql, type Kysely } from 'kysely'
import type { KeyChange, StoredKey } from '../src/domain/auth/signing-keys.ts'
import type { Database } from './schema.ts'

/** Returns all keys, the newest first. */
export async function listKeys (db: Kysely<Database>): Promise<StoredKey[]> {
  const rows = await db.selectFrom('signing_keys').selectAll().orderBy('signs_from', 'desc').execute()
  return rows.map(({ id, algorithm, public_key: publicKey, secret_id: secretId, sealed_key: sealedKey, created_at: created, signs_from: from }) => ({
    id, algorithm, publicKey, secretId, sealedKey, createdAt: created.getTime(), signsFrom: from.getTime()
  }))
}

/**
 * Changes the keys while no other process does. `plan` gets the stored keys and returns the ids of those to delete and the keys to
 * add. Readers are not blocked.
 */
export async function changeKeys (
  db: Kysely<Database>, plan: (keys: StoredKey[]) => KeyChange
): Promise<KeyChange> {
  return await db.transaction().execute(async (transaction) => {
    await sql`lock table signing_keys in share row exclusive mode`.execute(transaction)
    const change = plan(await listKeys(transaction))
    const { remove, add } = change
    if (remove.length > 0) await transaction.deleteFrom('signing_keys').where('id', 'in', remove).execute()
    for (const { id, algorithm, publicKey, secretId, sealedKey, createdAt, signsFrom } of add) {
      await transaction.insertInto('signing_keys').values({
        id,
        algorithm,
        public_key: JSON.stringify(publicKey),
        secret_id: secretId,
        sealed_key: sealedKey,
        created_at: new Date(createdAt),
        signs_from: new Date(signsFrom)
      }).execute()
    }
    return change
  })
}

/** Stores a private part that was sealed again. */
export async function resealKey (db: Kysely<Database>, { id, secretId, sealedKey }: Pick<StoredKey, 'id' | 'secretId' | 'sealedKey'>): Promise<void> {
  await db.updateTable('signing_keys').set({ secret_id: secretId, sealed_key: sealedKey }).where('id', '=', id).execute()
}
