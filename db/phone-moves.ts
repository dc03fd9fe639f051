import { sql, type Kysely, type NotNull } from 'kysely'
import { listSpellings } from '../src/domain/auth/earlier-spellings.ts'
import type { Database, User } from './schema.ts'
import { deleteSessions, type SessionsOf } from './sessions.ts'
import { deleteDevices } from './tokens.ts'
import { deletePhoneChange } from './users.ts'

/** Released accounts are deleted after this time. */
export const releasedAccountDays = 30

export interface PhoneOwner {
  id: number
  isTest: boolean
}

/** Lists the accounts of a number. There are several only if one of them was registered under an old spelling of the number. */
export async function listPhoneOwners (db: Kysely<Database>, phoneNumber: string): Promise<PhoneOwner[]> {
  return await db.selectFrom('users').select(['id', 'is_test as isTest']).where('phone_number', 'in', listSpellings(phoneNumber)).execute()
}

export interface PhoneMove extends SessionsOf {
  phoneNumber: string
  /** The one session that does not end. */
  sessionId: number
  /** Releases the accounts that have the number in any of its spellings, except test accounts. */
  takesOver: boolean
}

export interface PhoneMoved {
  user: User
  /** The accounts that lost the number, and how many valid sessions they had. */
  released: Array<{ id: number, sessions: number }>
}

/**
 * Moves an account to another number and deletes its other sessions, its trusted devices and the pending change, in one
 * transaction. With `takesOver` the accounts that have the number are released in the same transaction. Returns `undefined` if there is
 * no such user, or if the user has lost its own number meanwhile.
 * @throws the unique violation of the database (23505) if another account has the number and is not released
 */
export async function changePhone (
  db: Kysely<Database>, { phoneNumber, sessionId, takesOver, ...sessions }: PhoneMove
): Promise<PhoneMoved | undefined> {
  const { userId } = sessions
  return await db.transaction().execute(async (transaction) => {
    // Locks the accounts in the order of their numbers, as logins do, so that two transactions cannot deadlock. A concurrent login
    // holds the lock while it stores its session, so the statements below see that session.
    const accounts = await transaction.selectFrom('users').select(['id', 'is_test', 'sessions_epoch'])
      .where((account) => account.or([account('id', '=', userId), account('phone_number', 'in', listSpellings(phoneNumber))]))
      .orderBy('phone_number').forUpdate().execute()
    const released: PhoneMoved['released'] = []
    for (const { id, is_test: isTest } of accounts) {
      if (!takesOver || isTest || id === userId) continue
      released.push({ id, sessions: await release(transaction, { ...sessions, userId: id }) })
    }
    // A login with the number that has read either account, or none, must not begin a session of the moved one: its code was not
    // sent for that account. No epoch that it can have read is as high as the new one.
    const epoch = Math.max(0, ...accounts.map(({ sessions_epoch: sessionsEpoch }) => sessionsEpoch)) + 1
    const user = await transaction.updateTable('users')
      .set({ phone_number: phoneNumber, sessions_epoch: epoch, version: sql`version + 1` })
      .where('id', '=', userId).where('phone_number', 'is not', null)
      .returningAll().$narrowType<{ phone_number: NotNull }>().executeTakeFirst()
    if (user === undefined) return undefined
    await endAccess(transaction, sessions, { except: sessionId })
    return { user, released }
  })
}

/** Takes the number from an account and ends its sessions, trusted devices and pending change. Returns how many sessions were valid. */
async function release (transaction: Kysely<Database>, sessions: SessionsOf): Promise<number> {
  await transaction.updateTable('users')
    .set({ phone_number: null, released_at: sessions.now, sessions_epoch: sql`sessions_epoch + 1`, version: sql`version + 1` })
    .where('id', '=', sessions.userId).execute()
  return await endAccess(transaction, sessions)
}

async function endAccess (transaction: Kysely<Database>, sessions: SessionsOf, kept: { except?: number } = {}): Promise<number> {
  const ended = await deleteSessions(transaction, sessions, kept)
  await deleteDevices(transaction, sessions.userId)
  await deletePhoneChange(transaction, sessions.userId)
  return ended
}

/** Returns the accounts that lost their number before this moment, the longest ago first. */
export async function listReleasedAccounts (db: Kysely<Database>, { before, limit }: { before: Date, limit: number }): Promise<number[]> {
  const rows = await db.selectFrom('users').select('id').where('released_at', '<', before).orderBy('released_at').limit(limit).execute()
  return rows.map(({ id }) => id)
}
