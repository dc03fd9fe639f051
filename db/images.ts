import { sql, type Kysely, type Selectable } from 'kysely'
import type { Database, ImageTable, UsageTable } from './schema.ts'

export type Blobs = NonNullable<Selectable<ImageTable>['blobs']>

export async function findUsage (db: Kysely<Database>, userId: number): Promise<Selectable<UsageTable> | undefined> {
  return await db.selectFrom('usages').selectAll().where('user_id', '=', userId).executeTakeFirst()
}

/**
 * Locks a user's usage until the transaction ends; returns false if the user does not exist. Every transaction that changes
 * images or creatives together with the quota calls this first, so that two of them cannot deadlock.
 */
export async function lockUsage (transaction: Kysely<Database>, userId: number): Promise<boolean> {
  return await transaction.selectFrom('usages').select('user_id').where('user_id', '=', userId).forUpdate().executeTakeFirst() !== undefined
}

export interface ImageReservation {
  /** Key of the future image. */
  key: string
  userId: number
  byteCount: number
  /** Bytes that the replaced image will release. */
  creditBytes: number
  /** UTC day. */
  day: string
  /** 1 for a new creative, 0 for a replacement. */
  creativeCount: 0 | 1
  /** 0 turns a limit off. */
  limits: { byteCount: number, creativesPerDay: number }
}

/**
 * Reserves a share of a user's quota and inserts the image as pending, in one statement, so that concurrent uploads cannot
 * exceed the limits. Returns false if the quota is used up.
 * @throws the database's foreign key violation (23503) if the user does not exist
 */
export async function reserveImage (db: Kysely<Database>, reservation: ImageReservation): Promise<boolean> {
  const { key, userId, byteCount, creditBytes, day, creativeCount, limits } = reservation
  const { numAffectedRows } = await sql`
    with used as (
      insert into usages (user_id, byte_count, counted_on, creative_count)
      select ${userId}::bigint, ${byteCount}::bigint, ${day}::date, ${creativeCount}::integer
      where ${limits.byteCount}::bigint = 0 or ${byteCount}::bigint - ${creditBytes}::bigint <= ${limits.byteCount}::bigint
      on conflict (user_id) do update set
        byte_count = usages.byte_count + excluded.byte_count,
        counted_on = greatest(usages.counted_on, excluded.counted_on),
        creative_count = excluded.creative_count + case when usages.counted_on < excluded.counted_on then 0 else usages.creative_count end
      where (${limits.byteCount}::bigint = 0
          or usages.byte_count + excluded.byte_count - ${creditBytes}::bigint <= ${limits.byteCount}::bigint)
        and (0 in (${limits.creativesPerDay}::bigint, excluded.creative_count) or usages.counted_on < excluded.counted_on
          or usages.creative_count < ${limits.creativesPerDay}::bigint)
      returning user_id, counted_on
    )
    insert into images (key, user_id, quota_bytes, counted_on)
    select ${key}, user_id, ${byteCount}::bigint, case when ${creativeCount}::integer = 0 then null else counted_on end
    from used`.execute(db)
  return numAffectedRows === 1n
}

export interface CompletedImage {
  key: string
  userId: number
  /** The final share of the quota. */
  byteCount: number
  blobs: Blobs
}

/** Makes a pending image ready and corrects its share of the quota. Returns false if it is no longer pending. */
export async function completeImage (transaction: Kysely<Database>, { key, userId, byteCount, blobs }: CompletedImage): Promise<boolean> {
  const { numAffectedRows } = await sql`
    with pending as (
      select key, quota_bytes from images where key = ${key} and state = 'pending' for update
    ), completed as (
      update images set state = 'ready', quota_bytes = ${byteCount}::bigint, blobs = ${JSON.stringify(blobs)}::jsonb, settled_at = now()
      from pending where images.key = pending.key
    )
    update usages set byte_count = byte_count + ${byteCount}::bigint - pending.quota_bytes
    from pending where user_id = ${userId}`.execute(transaction)
  return numAffectedRows === 1n
}

/**
 * Discards an image in this state and releases its share of the quota; from then on its blobs may be deleted. A pending image
 * is also removed from the daily count. Returns false if the image is in another state.
 */
export async function discardImage (transaction: Kysely<Database>, key: string, from: 'pending' | 'ready'): Promise<boolean> {
  const owner = await transaction.selectFrom('images').select('user_id').where('key', '=', key).executeTakeFirst()
  if (typeof owner?.user_id === 'number') await lockUsage(transaction, owner.user_id)
  const image = await transaction.selectFrom('images').select(['user_id', 'quota_bytes', 'counted_on'])
    .where('key', '=', key).where('state', '=', from).forUpdate().executeTakeFirst()
  if (image === undefined) return false
  await transaction.updateTable('images').set({ state: 'discarded', quota_bytes: 0, settled_at: sql`now()` })
    .where('key', '=', key).execute()
  const isCounted = sql<number>`case when ${from} = 'pending' and counted_on = ${image.counted_on}::date then 1 else 0 end`
  await transaction.updateTable('usages')
    .set({ byte_count: sql`byte_count - ${image.quota_bytes}::bigint`, creative_count: sql`creative_count - ${isCounted}` })
    .where('user_id', '=', image.user_id).execute()
  return true
}

export async function findImageState (db: Kysely<Database>, key: string): Promise<Selectable<ImageTable>['state'] | undefined> {
  const image = await db.selectFrom('images').select('state').where('key', '=', key).executeTakeFirst()
  return image?.state
}

/** Deletes the row of a discarded image, after its blobs were deleted. */
export async function deleteDiscardedImage (db: Kysely<Database>, key: string): Promise<void> {
  await db.deleteFrom('images').where('key', '=', key).where('state', '=', 'discarded').execute()
}
