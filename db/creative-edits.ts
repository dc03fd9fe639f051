import { sql, type Kysely, type UpdateObject } from 'kysely'
import { viewColumns, type CreativeView } from './creative-views.ts'
import type { Database } from './schema.ts'

export type CreativeChanges = Pick<UpdateObject<Database, 'creatives'>, 'scheduled_at' | 'title' | 'alt_text'>

export interface CreativeEdit {
  id: number
  ownerId: number
  version: number
  now: Date
  changes: CreativeChanges
}

/** Changes one's own creative whose version is still the given one; `undefined` where it is not, or is gone. */
export async function updateCreative (db: Kysely<Database>, { id, ownerId, version, now, changes }: CreativeEdit): Promise<CreativeView | undefined> {
  return await db.updateTable('creatives').set({ ...changes, version: sql`version + 1`, updated_at: now })
    .where('id', '=', id).where('user_id', '=', ownerId).where('version', '=', version).where('deleted_at', 'is', null)
    .returning(viewColumns).executeTakeFirst()
}
