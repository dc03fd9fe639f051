import { sql, type Kysely } from 'kysely'
import type { Creative, Database, NewCreative } from './schema.ts'

export async function insertCreative (db: Kysely<Database>, creative: NewCreative): Promise<Creative> {
  return await db.insertInto('creatives').values(creative).returningAll().executeTakeFirstOrThrow()
}

export interface OwnCreative {
  id: number
  userId: number
}

const ownCreative = (db: Kysely<Database>, { id, userId }: OwnCreative) =>
  db.selectFrom('creatives').selectAll().where('id', '=', id).where('user_id', '=', userId).where('deleted_at', 'is', null)

export async function findOwnCreative (db: Kysely<Database>, creative: OwnCreative): Promise<Creative | undefined> {
  return await ownCreative(db, creative).executeTakeFirst()
}

/** `findOwnCreative`, held until the transaction ends. */
export async function lockOwnCreative (transaction: Kysely<Database>, creative: OwnCreative): Promise<Creative | undefined> {
  return await ownCreative(transaction, creative).forUpdate().executeTakeFirst()
}

/** The oldest other creative of the same user that came from the same file. */
export async function findDuplicate (db: Kysely<Database>, { id, user_id: userId, source_sha256: source }: Creative): Promise<number | undefined> {
  const duplicate = await db.selectFrom('creatives').select('id')
    .where('user_id', '=', userId).where('source_sha256', '=', source).where('deleted_at', 'is', null).where('id', '<>', id)
    .orderBy('id').limit(1).executeTakeFirst()
  return duplicate?.id
}

/** What an image brings to its creative. */
export type ImageColumns = Pick<NewCreative, 'creative_url' | 'content_type' | 'byte_count' | 'sha256' | 'source_sha256' | 'width' | 'height' | 'frame_count' |
  'dominant_color' | 'thumb_hash' | 'removed'>

export async function changeImage (transaction: Kysely<Database>, id: number, { image, now }: { image: ImageColumns, now: Date }): Promise<Creative> {
  return await transaction.updateTable('creatives').set({ ...image, is_damaged: false, version: sql`version + 1`, updated_at: now })
    .where('id', '=', id).returningAll().executeTakeFirstOrThrow()
}

/** Takes a creative out of sight; false where there is none of this user's. */
export async function hideCreative (db: Kysely<Database>, { id, userId }: OwnCreative, at: Date): Promise<boolean> {
  const { numUpdatedRows } = await db.updateTable('creatives').set({ deleted_at: at })
    .where('id', '=', id).where('user_id', '=', userId).where('deleted_at', 'is', null).executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

/** Brings back a creative that was deleted after a moment. */
export async function restoreCreative (db: Kysely<Database>, { id, userId }: OwnCreative, after: Date): Promise<Creative | undefined> {
  return await db.updateTable('creatives').set({ deleted_at: null })
    .where('id', '=', id).where('user_id', '=', userId).where('deleted_at', '>', after).returningAll().executeTakeFirst()
}

/** At most `limit` creatives that were deleted up to a moment, the first ones first. */
export async function listHiddenCreatives (db: Kysely<Database>, until: Date, limit: number): Promise<OwnCreative[]> {
  return await db.selectFrom('creatives').select(['id', 'user_id as userId']).where('deleted_at', '<=', until)
    .orderBy('deleted_at').limit(limit).execute()
}

/** Deletes the row of a creative that was deleted up to a moment; returns the key of its image. */
export async function deleteHiddenCreative (transaction: Kysely<Database>, id: number, until: Date): Promise<string | undefined> {
  const deleted = await transaction.deleteFrom('creatives').where('id', '=', id).where('deleted_at', '<=', until).returning('creative_url').executeTakeFirst()
  return deleted?.creative_url
}
