import { CompiledQuery, type Kysely } from 'kysely'
import type { Database } from './schema.ts'

const find = `
  select from device_tokens join users on users.id = device_tokens.user_id
  where hash = $1 and phone_number = $2 and expiry > $3`

/** Whether the token is one of the number's owner and still in force. */
export async function isDeviceOf (
  db: Kysely<Database>, { hash, phoneNumber, now }: { hash: Buffer, phoneNumber: string, now: Date }
): Promise<boolean> {
  const { rows } = await db.executeQuery(CompiledQuery.raw(find, [hash, phoneNumber, now]))
  return rows.length > 0
}

const deleteExpired = `
  with expired as (select hash from device_tokens where expiry < $1 order by expiry limit $2 for update skip locked)
  delete from device_tokens using expired where device_tokens.hash = expired.hash`

/** Deletes at most `limit` device tokens that expired before a moment; returns how many. Several may do it at once. */
export async function deleteExpiredDevices (db: Kysely<Database>, before: Date, limit: number): Promise<number> {
  const { numAffectedRows } = await db.executeQuery(CompiledQuery.raw(deleteExpired, [before, limit]))
  return Number(numAffectedRows)
}
