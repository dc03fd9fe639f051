import { sql, type Kysely } from 'kysely'
import { cutToSecond } from './moments.ts'
import type { Creative, Database } from './schema.ts'

/**
 * Stores the feed of a user; a new key replaces the old one.
 * @throws the database's foreign key violation (23503) if the user was deleted
 */
export async function upsertCalendarFeed (
  db: Kysely<Database>, { userId, hash, now }: { userId: number, hash: Buffer, now: Date }
): Promise<void> {
  const values = { hash, created_at: cutToSecond(now) }
  await db.insertInto('calendar_feeds').values({ user_id: userId, ...values })
    .onConflict((conflict) => conflict.column('user_id').doUpdateSet(values)).execute()
}

export async function findCalendarFeed (db: Kysely<Database>, userId: number): Promise<{ created_at: Date } | undefined> {
  return await db.selectFrom('calendar_feeds').select('created_at').where('user_id', '=', userId).executeTakeFirst()
}

/** Returns true if there was a feed. */
export async function deleteCalendarFeed (db: Kysely<Database>, userId: number): Promise<boolean> {
  return await db.deleteFrom('calendar_feeds').where('user_id', '=', userId).returning('user_id').executeTakeFirst() !== undefined
}

export async function findFeedOwner (db: Kysely<Database>, hash: Buffer): Promise<number | undefined> {
  const found = await db.selectFrom('calendar_feeds').select('user_id').where('hash', '=', hash).executeTakeFirst()
  return found?.user_id
}

export type DatedCreative = Pick<Creative, 'id' | 'title' | 'alt_text' | 'version' | 'created_at' | 'updated_at'> & { scheduled_at: string }

/** Selects a user's creatives that have a date and are shown. */
const selectDated = (db: Kysely<Database>, ownerId: number) => db.selectFrom('creatives')
  .select(['id', 'title', 'alt_text', 'version', 'created_at', 'updated_at', 'scheduled_at'])
  .where('user_id', '=', ownerId).where('deleted_at', 'is', null).where('is_damaged', '=', false)
  .$narrowType<{ scheduled_at: string }>()

/** Returns a text that changes with every change of a user's creatives from this date on. It reads no texts, and is cheap. */
export async function fingerprintDated (db: Kysely<Database>, { ownerId, from }: { ownerId: number, from: string }): Promise<string> {
  const { rows: [found] } = await sql<{ fingerprint: string }>`
    select concat_ws(' ', count(*), sum(id), sum(id * version), max(updated_at)) as fingerprint from creatives
    where user_id = ${ownerId} and scheduled_at >= ${from}::date and deleted_at is null and not is_damaged`.execute(db)
  return String(found?.fingerprint)
}

/** Lists a user's creatives from this date on, earliest first. */
export async function listDatedFrom (
  db: Kysely<Database>, { ownerId, from, limit }: { ownerId: number, from: string, limit: number }
): Promise<DatedCreative[]> {
  return await selectDated(db, ownerId).where('scheduled_at', '>=', from).orderBy('scheduled_at').orderBy('id').limit(limit).execute()
}

/** Lists a user's creatives from one date until the day before another one, latest first. */
export async function listDatedBetween (
  db: Kysely<Database>, { ownerId, from, before, limit }: { ownerId: number, from: string, before: string, limit: number }
): Promise<DatedCreative[]> {
  return await selectDated(db, ownerId).where('scheduled_at', '>=', from).where('scheduled_at', '<', before)
    .orderBy('scheduled_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
}
