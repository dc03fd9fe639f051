import { sql, type Kysely } from 'kysely'
import type { Database } from './schema.ts'

/** A user of the host app. */
export interface Owner {
  /** Id in the host app. */
  id: string
  name: string
  /** IANA name; `null` for the default. */
  timeZone: string | null
}

/** Returns the id in `users` of an owner, which the first use creates. A changed name or time zone is stored. */
export async function findOrCreateOwner (db: Kysely<Database>, owner: Owner): Promise<number> {
  const found = await findOwner(db, owner.id)
  if (found === undefined) return await createOwner(db, owner)
  if (found.name !== owner.name || found.time_zone !== owner.timeZone) {
    await db.updateTable('users').set({ name: owner.name, time_zone: owner.timeZone, version: sql`version + 1` })
      .where('id', '=', found.id).execute()
  }
  return found.id
}

async function findOwner (db: Kysely<Database>, externalId: string) {
  return await db.selectFrom('owners').innerJoin('users', 'users.id', 'owners.user_id').select(['users.id', 'name', 'time_zone'])
    .where('external_id', '=', externalId).executeTakeFirst()
}

/** Concurrent first uses wait for each other by a lock, since a conflict in `owners` would leave a row in `users` behind. */
async function createOwner (db: Kysely<Database>, { id: externalId, name, timeZone }: Owner): Promise<number> {
  return await db.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`owner ${externalId}`}, 0))`.execute(transaction)
    const found = await findOwner(transaction, externalId)
    if (found !== undefined) return found.id
    const { id } = await transaction.insertInto('users').values({ name, phone_number: null, time_zone: timeZone })
      .returning('id').executeTakeFirstOrThrow()
    await transaction.insertInto('owners').values({ external_id: externalId, user_id: id }).execute()
    return id
  })
}
