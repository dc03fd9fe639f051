import fp from 'fastify-plugin'
import { deleteUser, findUser, updateUser } from '../../db/accounts.ts'
import { findHoldings, type Holdings } from '../../db/export.ts'
import type { User } from '../../db/schema.ts'
import { isTimeZone } from '../../src/domain/creatives/schedule.ts'
import { ApiError } from '../../src/http/errors.ts'
import { nameOf } from '../../src/http/parsers.ts'
import { meReply } from '../../src/http/serializers.ts'
import type { PendingPhone } from './phone-change.ts'

export interface AccountChanges {
  name?: string
  /** IANA name, or `null` for the service's own. */
  timeZone?: string | null
  /** The version that the caller has seen. */
  version: number
}

export interface Accounts {
  /** @throws {ApiError} CHR_UNAUTHENTICATED where the account is gone */
  get (userId: number): Promise<User>
  /** @throws {ApiError} CHR_VERSION_CONFLICT with its current state, CHR_VALIDATION, CHR_TIME_ZONE_UNKNOWN */
  update (userId: number, changes: AccountChanges): Promise<User>
  /** Everything that is kept about the caller; what is only counted under the keyed hash of the number is not theirs alone. */
  export (userId: number): Promise<Exported>
  /** Deletes the account with everything that is kept of it; failure counts of the number end by themselves. */
  delete (userId: number): Promise<void>
}

export interface Exported extends Omit<Holdings, 'phoneChange'> {
  user: User
  phoneChange: PendingPhone | undefined
}

declare module 'fastify' {
  interface FastifyInstance { accounts: Accounts }
}

/** Offers `accounts`. */
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
      const changes = { ...(name === undefined ? {} : { name: nameOf(name) }), ...(timeZone === undefined ? {} : { time_zone: timeZone }) }
      const user = await updateUser(db, { id: userId, version, changes })
      if (user === undefined) throw new ApiError('CHR_VERSION_CONFLICT', { current: meReply(await get(userId)) })
      securityLog.record('account.changed', { phone: user.phone_number, userId })
      return user
    },

    async export (userId) {
      const user = await get(userId)
      const { phoneChange: pending, ...holdings } = await findHoldings(db, userId)
      securityLog.record('account.exported', { phone: user.phone_number, userId })
      return { user, ...holdings, phoneChange: pending === undefined ? undefined : phoneChange.read(userId, pending) }
    },

    async delete (userId) {
      const { phone_number: phone } = await get(userId)
      // The codes first: if they cannot be reached, nothing is deleted and the caller can try again.
      await otp.revoke(phone)
      await phoneChange.forget(userId)
      await imageQuota.deleteDiscarded(await deleteUser(db, userId))
      securityLog.record('account.deleted', { phone, userId })
      // One that was sent meanwhile; by now there is nothing that could be tried again.
      await otp.revoke(phone).catch((error: unknown) => { log.error({ err: error }, 'a code of a deleted account could not be revoked') })
    }
  })
}, { name: 'accounts', dependencies: ['postgres', 'otp', 'phone-change', 'image-quota', 'security-events'], fastify: '5.x' })
