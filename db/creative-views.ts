import { sql, type Kysely } from 'kysely'
import type { Creative, Database, Image } from './schema.ts'

/** What is shown of a creative, and what its links are made from. */
export const viewColumns = [
  'id', 'user_id', 'scheduled_at', 'title', 'alt_text', 'version', 'created_at', 'updated_at', 'content_type', 'byte_count', 'sha256', 'width', 'height',
  'frame_count', 'dominant_color', 'thumb_hash', 'removed'
] as const
export type CreativeView = Pick<Creative, typeof viewColumns[number]>

const columns = sql.join(viewColumns.map((name) => sql.ref(name)))

/** One that is not deleted. */
export async function findCreative (db: Kysely<Database>, id: number): Promise<CreativeView | undefined> {
  return await db.selectFrom('creatives').select(viewColumns).where('id', '=', id).where('deleted_at', 'is', null).executeTakeFirst()
}

export interface CreativeImage extends CreativeView {
  /** Of the image in storage. */
  key: string
  /** What the ledger says of each variant. */
  blobs: Image['blobs']
}

/** One that is not deleted, with its image. */
export async function findCreativeImage (db: Kysely<Database>, id: number): Promise<CreativeImage | undefined> {
  return await db.selectFrom('creatives').leftJoin('images', 'images.key', 'creatives.creative_url')
    .select(viewColumns.map((name) => `creatives.${name}` as const)).select(['creatives.creative_url as key', 'images.blobs'])
    .where('creatives.id', '=', id).where('deleted_at', 'is', null).executeTakeFirst()
}

export interface DueQuery {
  viewerId: number
  /** Each date with the id below which its page begins. */
  days: ReadonlyArray<{ date: string, beforeId: number }>
  /** Only this user's; everyone's when undefined. */
  ownerId: number | undefined
  limitPerDay: number
}

/** Which creative it is, and as which version: all that is to be known of it where the rest is known already. */
export interface DueCreative { id: number, version: number, date: string }

export interface Due {
  /** The viewer's own, where there is one. */
  timeZone: string | null
  creatives: DueCreative[]
}

/** The creatives of some dates, newest first, without those that cannot be shown, and in the same breath the zone of who asks. */
export async function listDueCreatives (db: Kysely<Database>, { viewerId, days, ownerId, limitPerDay }: DueQuery): Promise<Due> {
  const [dates, ids] = [days.map(({ date }) => date), days.map(({ beforeId }) => beforeId)]
  // The day is written as a range, and each order is that of one index. For one date, which is the same, the planner goes by
  // the average day: it then sorts all rows of a full one, or walks the whole table by id in search of an empty one.
  const [owned, order] = ownerId === undefined ? [sql``, sql`scheduled_at, id desc`] : [sql`and user_id = ${ownerId}`, sql`scheduled_at desc, id desc`]
  // One JSON value, which is read several times faster than rows of columns.
  const { rows: [found] } = await sql<{ time_zone: string | null, due: Array<[id: number, version: number, date: string]> | null }>`
    select time_zone, (
      select json_agg(json_build_array(listed.id, listed.version, day.date) order by day.date, listed.id desc)
      from unnest(${dates}::date[], ${ids}::bigint[]) as day (date, before_id) cross join lateral (
        select id, version from creatives
        where scheduled_at >= day.date and scheduled_at <= day.date and id < day.before_id and deleted_at is null
          and not is_damaged ${owned}
        order by ${order} limit ${limitPerDay}
      ) as listed
    ) as due from users where users.id = ${viewerId}`.execute(db)
  return { timeZone: found?.time_zone ?? null, creatives: (found?.due ?? []).map(([id, version, date]) => ({ id, version, date })) }
}

/** Those of these creatives that are not deleted, in no order. */
export async function findCreatives (db: Kysely<Database>, ids: readonly number[]): Promise<CreativeView[]> {
  return await db.selectFrom('creatives').select(viewColumns).where('id', '=', sql<number>`any(${ids}::bigint[])`).where('deleted_at', 'is', null).execute()
}

export interface OwnQuery {
  ownerId: number
  /** Inclusive. */
  from?: string | undefined
  /** Inclusive. */
  to?: string | undefined
  drafts: 'include' | 'exclude' | 'only'
  /** The last of the page before. */
  after?: { date: string | null, id: number } | undefined
  limit: number
}

/** One's own that can be shown: drafts first, then the latest date first; within both the newest first. */
export async function listOwnCreatives (db: Kysely<Database>, { ownerId, from, to, drafts, after, limit }: OwnQuery): Promise<CreativeView[]> {
  const own = sql`select ${columns} from creatives where user_id = ${ownerId} and deleted_at is null and not is_damaged`
  const all = sql``
  const draftsAfter = typeof after?.date === 'string' || drafts === 'exclude' ? sql`and false` : after === undefined ? all : sql`and id < ${after.id}`
  const datedAfter = drafts === 'only' ? sql`and false` : typeof after?.date === 'string' ? sql`and (scheduled_at, id) < (${after.date}::date, ${after.id})` : all
  const since = from === undefined ? all : sql`and scheduled_at >= ${from}::date`
  const until = to === undefined ? all : sql`and scheduled_at <= ${to}::date`
  // Two walks over one index, each from where the page before ended; a condition over both would walk from the start.
  const { rows } = await sql<CreativeView>`
    (${own} and scheduled_at is null ${draftsAfter} order by scheduled_at desc, id desc limit ${limit})
    union all
    (${own} and scheduled_at is not null ${datedAfter} ${since} ${until} order by scheduled_at desc, id desc limit ${limit})
    order by scheduled_at desc nulls first, id desc limit ${limit}`.execute(db)
  return rows
}
