import fp from 'fastify-plugin'
import { changePhone, deletePhoneChange, findPhoneChange, findUser, keepPhoneChange } from '../db/accounts.ts'
import type { User } from '../db/schema.ts'
import type { Session } from '../db/tokens.ts'
import { violates } from '../db/violations.ts'
import type { LanguageWish } from '../src/client.ts'
import { placeOfChallenge, type Purpose } from '../src/domain/otp.ts'
import { authenticationScope } from '../src/domain/token.ts'
import { ApiError } from '../src/errors.ts'
import { phoneOf } from '../src/inputs.ts'
import type { CodeSent } from './codes.ts'

export interface PhoneChange {
  /**
   * Sends a code to the number that the caller wants to move to; a later one replaces it. Says the same whether or not
   * the number has an account.
   * @throws {ApiError} CHR_VALIDATION for the number that the account has, and those of `codes.send`
   */
  request (session: Session, request: { phoneNumber: string, address: string | undefined, languages?: LanguageWish }): Promise<CodeSent>
  /**
   * Moves the account, ends all other sessions and tells the old number.
   * @throws {ApiError} CHR_OTP_INVALID, also when the number was taken meanwhile, and those of `codes.take`
   */
  verify (session: Session, answer: { otp: string, address: string | undefined }): Promise<User>
  /** @throws {ApiError} CHR_NOT_FOUND when nothing is pending */
  cancel (session: Session): Promise<void>
}

declare module 'fastify' {
  interface FastifyInstance { phoneChange: PhoneChange }
}

/** A code for one user's change is of no use to another user, nor for a login. */
const purposeOf = (userId: number): Purpose => `change-${userId}`

/** Offers `phoneChange`. */
export default fp(async (fastify) => {
  const { db, codes, otp, smsOutbox, smsTexts, securityLog, clock, config } = fastify

  async function userOf (userId: number): Promise<User> {
    const user = await findUser(db, userId)
    if (user === undefined) throw new ApiError('CHR_UNAUTHENTICATED')
    return user
  }

  async function move (session: Session, phoneNumber: string): Promise<User> {
    const { userId, id: sessionId } = session
    const user = await changePhone(db, { userId, phoneNumber, sessionId, scope: authenticationScope }).catch((error: unknown) => {
      // Taken while the code was under way: who asks must not learn that the number has an account.
      if (violates(error, 'unique')) throw new ApiError('CHR_OTP_INVALID')
      throw error
    })
    if (user === undefined) throw new ApiError('CHR_UNAUTHENTICATED')
    return user
  }

  fastify.decorate('phoneChange', {
    async request ({ userId }, { phoneNumber, address, languages }) {
      const phone = phoneOf(phoneNumber, config)
      if ((await userOf(userId)).phone_number === phone) {
        const message = 'field "phone_number" is the number that the account has already'
        throw new ApiError('CHR_VALIDATION', { message, details: [{ path: 'phone_number', message }] })
      }
      const earlier = await findPhoneChange(db, userId)
      const sent = await codes.send({ phone, purpose: purposeOf(userId), language: smsTexts.chooseLanguage(phone, languages) }, { address, userId })
      await keepPhoneChange(db, { userId, challengeId: sent.challengeId, requestedAt: new Date(clock.now()) })
      if (earlier !== undefined && placeOfChallenge(earlier).tag !== placeOfChallenge(sent.challengeId).tag) await otp.revokeChallenge(earlier)
      securityLog.record('phone_change.requested', { phone, userId })
      return sent
    },

    async verify (session, { otp: code, address }) {
      const { userId } = session
      const challengeId = await findPhoneChange(db, userId)
      const pending = challengeId === undefined ? undefined : await otp.open(challengeId)
      if (pending === undefined) throw new ApiError('CHR_OTP_INVALID')
      const { phone } = pending
      const { phone_number: oldPhone, language, is_test: isTest } = await userOf(userId)
      await codes.take({ phone, code, purpose: purposeOf(userId), canRegister: true }, { address, userId })
      const user = await move(session, phone)
      securityLog.record('phone_change.completed', { phone, userId })
      await Promise.all([otp.revoke(oldPhone), otp.revoke(phone)])
      if (!isTest) await smsOutbox.enqueue(otp.createNotice('phone_changed', oldPhone, language))
      return user
    },

    async cancel ({ userId }) {
      const challengeId = await deletePhoneChange(db, userId)
      if (challengeId === undefined) throw new ApiError('CHR_NOT_FOUND')
      await otp.revokeChallenge(challengeId)
      securityLog.record('phone_change.cancelled', { userId })
    }
  })
}, { name: 'phone-change', dependencies: ['postgres', 'codes', 'sms-texts'], fastify: '5.x' })
