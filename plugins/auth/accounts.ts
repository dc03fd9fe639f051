import fp from 'fastify-plugin'
import { findUserData, type UserData } from '../../db/export.ts'
import type { User } from '../../db/schema.ts'
import { deleteUser, findUser, updateUser } from '../../db/users.ts'
import { isTimeZone } from '../../src/domain/creatives/schedule.ts'
import { ApiError } from '../../src/http/errors.ts'
import { parseNameField } from '../../src/http/parsers.ts'
import type { PendingPhone } from './phone-change.ts'

export interface AccountChanges {
  name?: string
  /** IANA name, or `null` for the default of the service. */
  timeZone?: string | null
  /** The version that the caller has seen. */
  version: number
}

export type AccountUpdate =
  | { kind: 'updated', user: User }
  /** The account has another version; nothing was changed. */
  | { kind: 'conflict', current: User }

export interface Accounts {
  /** @throws {ApiError} CHR_UNAUTHENTICATED if the account has been deleted */
  get (userId: number): Promise<User>
  /** @throws {ApiError} CHR_UNAUTHENTICATED, CHR_VALIDATION, CHR_TIME_ZONE_UNKNOWN */
  update (userId: number, changes: AccountChanges): Promise<AccountUpdate>
  /** Returns all data stored about the user, without the counts under the keyed hash of the number, which belong to the number. */
  export (userId: number): Promise<Exported>
  /** Deletes the account and all its data. The failure counts of the number stay until they expire. */
  delete (userId: number): Promise<void>
}

export interface Exported extends Omit<UserData, 'phoneChange'> {
  user: User
  phoneChange: PendingPhone | undefined
}

declare module 'fastify' {
  interface FastifyInstance { accounts: Accounts }
}

/** Reads, changes, exports and deletes accounts. */
export default fp(async (fastify) => {
  const { db, otp, phoneChange, imageQuota, securityLog, log } = fastify

  async function get (userId: number): Promise<User> {
    const user = await findUser(db, userId)
    if (user === undefined) throw new ApiError('CHR_UNAUTHENTICATED')
    return user
  }

  fastify.decorate('accounts', {
    get,

    async update (userId, { name, timeZone, version }) {
      if (typeof timeZone === 'string' && !isTimeZone(timeZone)) throw new ApiError('CHR_TIME_ZONE_UNKNOWN')
      const changes = {
        ...(name === undefined ? {} : { name: parseNameField(name) }), ...(timeZone === undefined ? {} : { time_zone: timeZone })
      }
      const user = await updateUser(db, { id: userId, version, changes })
      if (user === undefined) return { kind: 'conflict', current: await get(userId) }
      securityLog.record('account.changed', { phone: user.phone_number, userId })
      return { kind: 'updated', user }
    },

    async export (userId) {
      const user = await get(userId)
      const { phoneChange: pending, ...userData } = await findUserData(db, userId)
      securityLog.record('account.exported', { phone: user.phone_number, userId })
      return { user, ...userData, phoneChange: pending === undefined ? undefined : phoneChange.read(userId, pending) }
    },

    async delete (userId) {
      const { phone_number: phone } = await get(userId)
      // Codes are revoked first: if their store cannot be reached, nothing is deleted and the caller can try again.
      await otp.revoke(phone)
      await phoneChange.clear(userId)
      const { images } = await deleteUser(db, userId)
      await imageQuota.deleteDiscarded(images)
      securityLog.record('account.deleted', { phone, userId })
      // Revokes a code that was sent during the deletion. A failure is only logged, since the account no longer exists.
      await otp.revoke(phone).catch((error: unknown) => { log.error({ err: error }, 'a code of a deleted account could not be revoked') })
    }
  })
}, { name: 'accounts', dependencies: ['postgres', 'otp', 'phone-change', 'image-quota', 'security-events'], fastify: '5.x' })
