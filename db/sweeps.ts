import { sql, type Kysely } from 'kysely'
import { missing } from './blob-listing.ts'
import type { Blobs } from './images.ts'
import type { Database } from './schema.ts'

/** Keys of images that have been in a state since before a moment, in the order of their keys. */
export async function listUnsettledImages (
  db: Kysely<Database>, { state, before, after, limit }: { state: 'pending' | 'discarded', before: Date, after: string, limit: number }
): Promise<string[]> {
  const rows = await db.selectFrom('images').select('key').where('state', '=', state).where('settled_at', '<', before).where('key', '>', after)
    .orderBy('key').limit(limit).execute()
  return rows.map(({ key }) => key)
}

/** Marks a ready image, and the creative that shows it, as damaged, or as whole again. */
export async function markDamage (db: Kysely<Database>, key: string, damage: string | null): Promise<void> {
  await sql`
    with marked as (update images set damage = ${damage} where key = ${key} and state = 'ready' returning key)
    update creatives set is_damaged = ${damage !== null} from marked where creative_url = marked.key`.execute(db)
}

export const describeMissing = (variants: readonly string[]) => missing + variants.join(', ')

export interface ImageToScrub {
  key: string
  blobs: Blobs
  damage: string | null
}

/** The ready image that was looked at longest ago, if that was before a moment; noted as looked at now. Several may ask at once. */
export async function takeImageToScrub (db: Kysely<Database>, { before, now }: { before: Date, now: Date }): Promise<ImageToScrub | undefined> {
  const { rows: [image] } = await sql<ImageToScrub>`
    with next as (
      select key from images where state = 'ready' and (scrubbed_at is null or scrubbed_at < ${before})
      order by scrubbed_at nulls first limit 1 for update skip locked
    )
    update images set scrubbed_at = ${now} from next where images.key = next.key returning images.key, blobs, damage`.execute(db)
  return image
}
