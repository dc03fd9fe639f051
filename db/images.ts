import { sql, type Kysely, type Selectable } from 'kysely'
import type { Database, ImageTable } from './schema.ts'
import { lockUsage } from './usages.ts'

export type Blobs = NonNullable<Selectable<ImageTable>['blobs']>

export interface ImageReservation {
  /** Of the image that will be. */
  key: string
  userId: number
  byteCount: number
  /** What the image that it replaces will give back. */
  creditBytes: number
  /** UTC day. */
  day: string
  /** 1 for a new creative, 0 for another image of one that is there. */
  creativeCount: 0 | 1
  /** 0 is off. */
  limits: { byteCount: number, creativesPerDay: number }
}

/**
 * Takes a share of a user's quota and notes the image as pending, in one statement, so that the limits hold whatever
 * comes at once. False where there is no room. The database's foreign key violation (23503) where there is no such user.
 */
export async function reserveImage (db: Kysely<Database>, { key, userId, byteCount, creditBytes, day, creativeCount, limits }: ImageReservation): Promise<boolean> {
  const { numAffectedRows } = await sql`
    with used as (
      insert into usages (user_id, byte_count, counted_on, creative_count)
      select ${userId}::bigint, ${byteCount}::bigint, ${day}::date, ${creativeCount}::integer
      where ${limits.byteCount}::bigint = 0 or ${byteCount}::bigint - ${creditBytes}::bigint <= ${limits.byteCount}::bigint
      on conflict (user_id) do update set
        byte_count = usages.byte_count + excluded.byte_count,
        counted_on = greatest(usages.counted_on, excluded.counted_on),
        creative_count = excluded.creative_count + case when usages.counted_on < excluded.counted_on then 0 else usages.creative_count end
      where (${limits.byteCount}::bigint = 0 or usages.byte_count + excluded.byte_count - ${creditBytes}::bigint <= ${limits.byteCount}::bigint)
        and (0 in (${limits.creativesPerDay}::bigint, excluded.creative_count) or usages.counted_on < excluded.counted_on
          or usages.creative_count < ${limits.creativesPerDay}::bigint)
      returning user_id, counted_on
    )
    insert into images (key, user_id, quota_bytes, counted_on)
    select ${key}, user_id, ${byteCount}::bigint, case when ${creativeCount}::integer = 0 then null else counted_on end from used`.execute(db)
  return numAffectedRows === 1n
}

export interface SettledImage {
  key: string
  userId: number
  /** Of the quota from now on. */
  byteCount: number
  blobs: Blobs
}

/** Makes a pending image ready, and its share of the quota what it really takes. False where it is no longer pending. */
export async function settleImage (transaction: Kysely<Database>, { key, userId, byteCount, blobs }: SettledImage): Promise<boolean> {
  const { numAffectedRows } = await sql`
    with pending as (
      select key, quota_bytes from images where key = ${key} and state = 'pending' for update
    ), settled as (
      update images set state = 'ready', quota_bytes = ${byteCount}::bigint, blobs = ${JSON.stringify(blobs)}::jsonb, settled_at = now()
      from pending where images.key = pending.key
    )
    update usages set byte_count = byte_count + ${byteCount}::bigint - pending.quota_bytes from pending where user_id = ${userId}`.execute(transaction)
  return numAffectedRows === 1n
}

/**
 * Gives up an image that is in that state, with its share of the quota: its blobs may go from then on. A creative that
 * never came about is not counted either. False where it is in another state.
 */
export async function discardImage (transaction: Kysely<Database>, key: string, from: 'pending' | 'ready'): Promise<boolean> {
  const owner = await transaction.selectFrom('images').select('user_id').where('key', '=', key).executeTakeFirst()
  if (typeof owner?.user_id === 'number') await lockUsage(transaction, owner.user_id)
  const image = await transaction.selectFrom('images').select(['user_id', 'quota_bytes', 'counted_on'])
    .where('key', '=', key).where('state', '=', from).forUpdate().executeTakeFirst()
  if (image === undefined) return false
  await transaction.updateTable('images').set({ state: 'discarded', quota_bytes: 0, settled_at: sql`now()` }).where('key', '=', key).execute()
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

/** Forgets an image once its blobs are gone. */
export async function deleteDiscardedImage (db: Kysely<Database>, key: string): Promise<void> {
  await db.deleteFrom('images').where('key', '=', key).where('state', '=', 'discarded').execute()
}
