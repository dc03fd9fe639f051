import { CompiledQuery, sql, type Kysely } from 'kysely'
import { maximumLifeMs } from '../src/domain/auth/challenge-records.ts'
import { missingPrefix } from './blob-listing.ts'
import type { Blobs } from './images.ts'
import type { Database } from './schema.ts'

/** Lists the keys of images that entered this state before a moment, in key order. */
export async function listUnfinishedImages (
  db: Kysely<Database>, { state, before, after, limit }: { state: 'pending' | 'discarded', before: Date, after: string, limit: number }
): Promise<string[]> {
  const rows = await db.selectFrom('images').select('key').where('state', '=', state).where('settled_at', '<', before)
    .where('key', '>', after)
    .orderBy('key').limit(limit).execute()
  return rows.map(({ key }) => key)
}

/** Marks a ready image and its creative as damaged; `null` marks them as intact. */
export async function markDamage (db: Kysely<Database>, key: string, damage: string | null): Promise<void> {
  await sql`
    with marked as (update images set damage = ${damage} where key = ${key} and state = 'ready' returning key)
    update creatives set is_damaged = ${damage !== null} from marked where creative_url = marked.key`.execute(db)
}

/** Damage text for missing variants. */
export function describeMissing (variants: readonly string[]): string {
  return missingPrefix + variants.join(', ')
}

export interface ImageToScrub {
  key: string
  blobs: Blobs
  damage: string | null
}

/**
 * Claims the ready image that was scrubbed longest ago, if that was before this moment, and records it as scrubbed now.
 * Instances may call it concurrently.
 */
export async function claimImageToScrub (
  db: Kysely<Database>, { before, now }: { before: Date, now: Date }
): Promise<ImageToScrub | undefined> {
  const { rows: [image] } = await sql<ImageToScrub>`
    with next as (
      select key from images where state = 'ready' and (scrubbed_at is null or scrubbed_at < ${before})
      order by scrubbed_at nulls first limit 1 for update skip locked
    )
    update images set scrubbed_at = ${now} from next where images.key = next.key returning images.key, blobs, damage`.execute(db)
  return image
}

/** Within this time a token could still be extended: its last use may be written late, and the clocks of instances differ. */
const extensionMs = 3_600_000

/** Tables whose rows are deleted `keptMs` after the moment in a column, with their key. */
export const expiringTables = [
  { table: 'tokens', key: 'hash', end: 'expiry', keptMs: extensionMs },
  { table: 'device_tokens', key: 'hash', end: 'expiry', keptMs: extensionMs },
  { table: 'phone_changes', key: 'user_id', end: 'requested_at', keptMs: extensionMs },
  { table: 'used_challenges', key: 'hash', end: 'used_at', keptMs: maximumLifeMs }
] as const

type ExpiringTable = typeof expiringTables[number]

const deleteStatement = ({ table, key, end }: ExpiringTable) => `
  with expired as (select ${key} from ${table} where ${end} < $1 order by ${end} limit $2 for update skip locked)
  delete from ${table} as ended using expired where ended.${key} = expired.${key}`

/** Deletes at most `limit` rows that ended before this moment; returns their number. Instances may call it concurrently. */
export async function deleteExpired (db: Kysely<Database>, table: ExpiringTable, before: Date, limit: number): Promise<number> {
  const { numAffectedRows } = await db.executeQuery(CompiledQuery.raw(deleteStatement(table), [before, limit]))
  return Number(numAffectedRows)
}
