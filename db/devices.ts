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

/** Ends all known devices of a user. */
export async function deleteDevices (db: Kysely<Database>, userId: number): Promise<void> {
  await db.deleteFrom('device_tokens').where('user_id', '=', userId).execute()
}
