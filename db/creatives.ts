import { sql, type Kysely } from 'kysely'
import { textFieldNames, type CreativeTexts } from '../src/domain/creatives/text-fields.ts'
import { cutToSecond } from './moments.ts'
import type { Creative, Database, Image, NewCreative } from './schema.ts'

/** Columns that are shown, and those that image links are signed over. */
export const viewColumns = [
  'id', 'user_id', 'scheduled_at', ...textFieldNames, 'version', 'created_at', 'updated_at', 'content_type', 'byte_count', 'sha256',
  'width', 'height', 'frame_count', 'dominant_color', 'thumb_hash', 'removed'
] as const
/** A creative as it is shown, with the present name of its owner. */
export type CreativeView = Pick<Creative, typeof viewColumns[number]> & OwnerName
/** A whole row with the present name of its owner. */
export type OwnedCreative = Creative & OwnerName

interface OwnerName { owner_name: string }

/** `returning` cannot join a table, so the name comes from a query of its own in all statements. */
const ownerName = sql<string>`(select users.name from users where users.id = creatives.user_id)`.as('owner_name')

const columns = sql.join(viewColumns.map((name) => sql.ref(name)))

/** Columns that an image sets in its creative. */
export type ImageColumns = Pick<NewCreative, 'creative_url' | 'content_type' | 'byte_count' | 'sha256' | 'source_sha256' |
  'width' | 'height' | 'frame_count' | 'dominant_color' | 'thumb_hash' | 'removed'>

export interface OwnCreative {
  id: number
  userId: number
}

export async function insertCreative (db: Kysely<Database>, creative: NewCreative): Promise<OwnedCreative> {
  return await db.insertInto('creatives').values(creative).returningAll().returning(ownerName).executeTakeFirstOrThrow()
}

/** Finds a creative that is not deleted. */
export async function findCreative (db: Kysely<Database>, id: number): Promise<CreativeView | undefined> {
  return await db.selectFrom('creatives').select(viewColumns).select(ownerName).where('id', '=', id).where('deleted_at', 'is', null)
    .executeTakeFirst()
}

/** Finds the creatives with these ids that are not deleted, in any order. */
export async function findCreatives (db: Kysely<Database>, ids: readonly number[]): Promise<CreativeView[]> {
  return await db.selectFrom('creatives').select(viewColumns).select(ownerName).where('id', '=', sql<number>`any(${ids}::bigint[])`)
    .where('deleted_at', 'is', null).execute()
}

const selectOwn = (db: Kysely<Database>, { id, userId }: OwnCreative) =>
  db.selectFrom('creatives').selectAll().select(ownerName).where('id', '=', id).where('user_id', '=', userId).where('deleted_at', 'is', null)

export async function findOwnCreative (db: Kysely<Database>, creative: OwnCreative): Promise<OwnedCreative | undefined> {
  return await selectOwn(db, creative).executeTakeFirst()
}

/** `findOwnCreative` with a row lock until the transaction ends. */
export async function lockOwnCreative (transaction: Kysely<Database>, creative: OwnCreative): Promise<OwnedCreative | undefined> {
  return await selectOwn(transaction, creative).forUpdate().executeTakeFirst()
}

/** Finds the user's oldest other creative that was uploaded from the same file. */
export async function findDuplicate (
  db: Kysely<Database>, { id, user_id: userId, source_sha256: source }: Creative
): Promise<number | undefined> {
  const duplicate = await db.selectFrom('creatives').select('id')
    .where('user_id', '=', userId).where('source_sha256', '=', source).where('deleted_at', 'is', null).where('id', '<>', id)
    .orderBy('id').limit(1).executeTakeFirst()
  return duplicate?.id
}

export interface CreativeImage extends Omit<CreativeView, 'owner_name'> {
  /** Storage key of the image. */
  key: string
  /** Size and hash of each variant. */
  blobs: Image['blobs']
}

/** Finds a creative that is not deleted, with its image. */
export async function findCreativeImage (db: Kysely<Database>, id: number): Promise<CreativeImage | undefined> {
  return await db.selectFrom('creatives').leftJoin('images', 'images.key', 'creatives.creative_url')
    .select(viewColumns.map((name) => `creatives.${name}` as const)).select(['creatives.creative_url as key', 'images.blobs'])
    .where('creatives.id', '=', id).where('deleted_at', 'is', null).executeTakeFirst()
}

export interface OwnQuery {
  ownerId: number
  /** First date, inclusive. */
  from?: string | undefined
  /** Last date, inclusive. */
  to?: string | undefined
  drafts: 'include' | 'exclude' | 'only'
  /** Position of the last creative of the previous page. */
  after?: { date: string | null, id: number } | undefined
  limit: number
}

/** Lists a user's undamaged creatives: drafts first, then by date, latest first; newest first within each. */
export async function listOwnCreatives (
  db: Kysely<Database>, { ownerId, from, to, drafts, after, limit }: OwnQuery
): Promise<CreativeView[]> {
  const own = sql`select ${columns}, ${ownerName} from creatives where user_id = ${ownerId} and deleted_at is null and not is_damaged`
  const all = sql``
  const draftsAfter = typeof after?.date === 'string' || drafts === 'exclude'
    ? sql`and false`
    : after === undefined ? all : sql`and id < ${after.id}`
  const datedAfter = drafts === 'only'
    ? sql`and false`
    : typeof after?.date === 'string' ? sql`and (scheduled_at, id) < (${after.date}::date, ${after.id})` : all
  const since = from === undefined ? all : sql`and scheduled_at >= ${from}::date`
  const until = to === undefined ? all : sql`and scheduled_at <= ${to}::date`
  // Two scans of one index, each starting at the cursor; a single condition over both would scan from the beginning.
  const { rows } = await sql<CreativeView>`
    (${own} and scheduled_at is null ${draftsAfter} order by scheduled_at desc, id desc limit ${limit})
    union all
    (${own} and scheduled_at is not null ${datedAfter} ${since} ${until} order by scheduled_at desc, id desc limit ${limit})
    order by scheduled_at desc nulls first, id desc limit ${limit}`.execute(db)
  return rows
}

export type CreativeChanges = Partial<CreativeTexts & Pick<Creative, 'scheduled_at'>>

export interface VersionedChange {
  id: number
  ownerId: number
  version: number
  now: Date
  changes: CreativeChanges
}

/** Changes the owner's creative if it still has this version; otherwise, or if it is deleted, returns `undefined`. */
export async function updateCreative (
  db: Kysely<Database>, { id, ownerId, version, now, changes }: VersionedChange
): Promise<CreativeView | undefined> {
  return await db.updateTable('creatives').set({ ...changes, version: sql`version + 1`, updated_at: cutToSecond(now) })
    .where('id', '=', id).where('user_id', '=', ownerId).where('version', '=', version).where('deleted_at', 'is', null)
    .returning(viewColumns).returning(ownerName).executeTakeFirst()
}

export async function updateImage (
  transaction: Kysely<Database>, id: number, { image, now }: { image: ImageColumns, now: Date }
): Promise<OwnedCreative> {
  return await transaction.updateTable('creatives').set({ ...image, is_damaged: false, version: sql`version + 1`, updated_at: cutToSecond(now) })
    .where('id', '=', id).returningAll().returning(ownerName).executeTakeFirstOrThrow()
}

/** Marks a creative as deleted; false if the user has no such creative. */
export async function softDeleteCreative (db: Kysely<Database>, { id, userId }: OwnCreative, at: Date): Promise<boolean> {
  const { numUpdatedRows } = await db.updateTable('creatives').set({ deleted_at: cutToSecond(at) })
    .where('id', '=', id).where('user_id', '=', userId).where('deleted_at', 'is', null).executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

/** Restores a creative that was deleted after this moment. */
export async function restoreCreative (db: Kysely<Database>, { id, userId }: OwnCreative, after: Date): Promise<OwnedCreative | undefined> {
  return await db.updateTable('creatives').set({ deleted_at: null })
    .where('id', '=', id).where('user_id', '=', userId).where('deleted_at', '>', after).returningAll().returning(ownerName).executeTakeFirst()
}

/** Lists a user's creatives that were deleted after a moment, the newest creative first. */
export async function listRestorableCreatives (
  db: Kysely<Database>, { ownerId, after, beforeId, limit }: { ownerId: number, after: Date, beforeId: number, limit: number }
): Promise<Array<CreativeView & { deleted_at: Date }>> {
  return await db.selectFrom('creatives').select(viewColumns).select(ownerName).select('deleted_at').$narrowType<{ deleted_at: Date }>()
    .where('user_id', '=', ownerId).where('deleted_at', '>', after).where('id', '<', beforeId)
    .orderBy('id', 'desc').limit(limit).execute()
}

/** Lists at most `limit` creatives that were deleted up to this moment, oldest deletion first. */
export async function listDeletedCreatives (db: Kysely<Database>, until: Date, limit: number): Promise<OwnCreative[]> {
  return await db.selectFrom('creatives').select(['id', 'user_id as userId']).where('deleted_at', '<=', until)
    .orderBy('deleted_at').limit(limit).execute()
}

/** Removes the row of a creative that was deleted up to this moment; returns the key of its image. */
export async function deleteForGood (transaction: Kysely<Database>, id: number, until: Date): Promise<string | undefined> {
  const deleted = await transaction.deleteFrom('creatives').where('id', '=', id).where('deleted_at', '<=', until).returning('creative_url')
    .executeTakeFirst()
  return deleted?.creative_url
}
