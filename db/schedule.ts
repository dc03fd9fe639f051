import { sql, type Kysely, type RawBuilder } from 'kysely'
import type { Database } from './schema.ts'

/** What a list needs when the rest of a creative is cached: its id and version, and the present name of its owner. */
export interface ScheduledCreative {
  id: number
  version: number
  date: string
  userId: number
  ownerName: string
}

export interface DueQuery {
  viewerId: number
  /** Each date with an exclusive upper bound for ids, from which its page descends. */
  days: ReadonlyArray<{ date: string, beforeId: number }>
  /** Restricts the list to one user's creatives; `undefined` lists everyone's. */
  ownerId: number | undefined
  limitPerDay: number
}

export interface Due {
  /** The viewer's own, or `null` if the viewer has none. */
  timeZone: string | null
  creatives: ScheduledCreative[]
}

export interface RangeQuery {
  /** Where the page begins: a date, inclusive, and an exclusive upper bound for the ids of this date. */
  from: string
  beforeId: number
  /** Last date, inclusive. */
  to: string
  /** Restricts the list to one user's creatives; `undefined` lists everyone's. */
  ownerId: number | undefined
  limit: number
}

type Row = [id: number, version: number, date: string, userId: number, ownerName: string]

/** One JSON value is parsed several times faster than rows of columns. The order is that of the list. */
const rowsOf = (listed: RawBuilder<unknown>) => sql`
  select json_agg(json_build_array(listed.id, listed.version, listed.date, listed.user_id, author.name) order by listed.date, listed.id desc)
  from ${listed} as listed join users as author on author.id = listed.user_id`

const toCreatives = (rows: Row[] | null | undefined): ScheduledCreative[] =>
  (rows ?? []).map(([id, version, date, userId, ownerName]) => ({ id, version, date, userId, ownerName }))

const shown = sql`deleted_at is null and not is_damaged`
const ownedBy = (ownerId: number | undefined) => ownerId === undefined ? sql`` : sql`and user_id = ${ownerId}`

/** Lists the undamaged creatives of some dates, newest first, plus the viewer's time zone, in one query. */
export async function listDueCreatives (db: Kysely<Database>, { viewerId, days, ownerId, limitPerDay }: DueQuery): Promise<Due> {
  const [dates, ids] = [days.map(({ date }) => date), days.map(({ beforeId }) => beforeId)]
  // The day is a range condition and each order matches one index. With `scheduled_at = date` the planner estimates an
  // average day: it then sorts all rows of a full day, or scans the whole table by id to fill an empty one.
  const order = ownerId === undefined ? sql`scheduled_at, id desc` : sql`scheduled_at desc, id desc`
  const due = rowsOf(sql`(
    select of_day.id, of_day.version, of_day.user_id, day.date
    from unnest(${dates}::date[], ${ids}::bigint[]) as day (date, before_id) cross join lateral (
      select id, version, user_id from creatives
      where scheduled_at >= day.date and scheduled_at <= day.date and id < day.before_id and ${shown} ${ownedBy(ownerId)}
      order by ${order} limit ${limitPerDay}
    ) as of_day
  )`)
  const { rows: [found] } = await sql<{ time_zone: string | null, due: Row[] | null }>`
    select time_zone, (${due}) as due from users where users.id = ${viewerId}`.execute(db)
  return { timeZone: found?.time_zone ?? null, creatives: toCreatives(found?.due) }
}

/** Lists the undamaged creatives of a range of dates: by date, newest first within each. */
export async function listScheduledCreatives (
  db: Kysely<Database>, { from, beforeId, to, ownerId, limit }: RangeQuery
): Promise<ScheduledCreative[]> {
  const select = sql`select id, version, user_id, scheduled_at as date from creatives where ${shown} ${ownedBy(ownerId)}`
  // Two scans of one index, of which the first begins at the cursor; a single condition over both would scan from the beginning.
  const { rows: [found] } = await sql<{ listed: Row[] | null }>`select (${rowsOf(sql`(
    (${select} and scheduled_at >= ${from}::date and scheduled_at <= ${from}::date and id < ${beforeId}
      order by scheduled_at, id desc limit ${limit})
    union all
    (${select} and scheduled_at > ${from}::date and scheduled_at <= ${to}::date order by scheduled_at, id desc limit ${limit})
    order by date, id desc limit ${limit}
  )`)}) as listed`.execute(db)
  return toCreatives(found?.listed)
}
