import { sql, type Kysely } from 'kysely'
import type { Creative, Database, NewCreative } from './schema.ts'

export async function insertCreative (db: Kysely<Database>, creative: NewCreative): Promise<Creative> {
  return await db.insertInto('creatives').values(creative).returningAll().executeTakeFirstOrThrow()
}

export async function deleteCreative (db: Kysely<Database>, id: number): Promise<void> {
  await db.deleteFrom('creatives').where('id', '=', id).execute()
}

export async function findReadyCreative (db: Kysely<Database>, id: number): Promise<Creative | undefined> {
  return await db.selectFrom('creatives').selectAll().where('id', '=', id).where('deleted_at', 'is', null).executeTakeFirst()
}

export interface ScheduleQuery {
  /** `YYYY-MM-DD` */
  dates: readonly string[]
  /** Only this user's; everyone's when undefined. */
  ownerId: number | undefined
  limitPerDate: number
}

/** The ready creatives of some dates, newest first, at most `limitPerDate` of each. */
export async function listScheduledCreatives (db: Kysely<Database>, { dates, ownerId, limitPerDate }: ScheduleQuery): Promise<Creative[]> {
  const owned = ownerId === undefined ? sql`` : sql`and user_id = ${ownerId}`
  const { rows } = await sql<Creative>`
    select due.* from unnest(${dates}::date[]) as day (date) cross join lateral (
      select * from creatives where scheduled_at = day.date and deleted_at is null ${owned} order by id desc limit ${limitPerDate}
    ) as due`.execute(db)
  return rows
}
