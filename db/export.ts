import type { Kysely, Selectable } from 'kysely'
import { authenticationScope } from '../src/domain/auth/token.ts'
import type { Creative, Database, DeviceTokenTable } from './schema.ts'
import { sessionColumns, type SessionRow } from './sessions.ts'
import { findPhoneChange, type PendingChange } from './users.ts'

/** The data stored about a user, without the row of the user and without hashes of tokens. */
export interface UserData {
  sessions: SessionRow[]
  devices: Array<Pick<Selectable<DeviceTokenTable>, 'created_at' | 'expiry'>>
  phoneChange: PendingChange | undefined
  creatives: Creative[]
}

export async function findUserData (db: Kysely<Database>, userId: number): Promise<UserData> {
  const [sessions, devices, phoneChange, creatives] = await Promise.all([
    db.selectFrom('tokens').select(sessionColumns)
      .where('user_id', '=', userId).where('scope', '=', authenticationScope).orderBy('id').execute(),
    db.selectFrom('device_tokens').select(['created_at', 'expiry']).where('user_id', '=', userId).orderBy('created_at').execute(),
    findPhoneChange(db, userId),
    db.selectFrom('creatives').selectAll().where('user_id', '=', userId).where('deleted_at', 'is', null).orderBy('id').execute()
  ])
  return { sessions, devices, phoneChange, creatives }
}
