import fp from 'fastify-plugin'
import { changePhone, deletePhoneChange, findPhoneChange, findUser, keepPhoneChange, type PendingChange } from '../../db/accounts.ts'
import type { User } from '../../db/schema.ts'
import type { Session } from '../../db/tokens.ts'
import { violates } from '../../db/violations.ts'
import type { LanguageWish } from '../../src/http/client.ts'
import { maximumLifeMs } from '../../src/domain/auth/challenge-records.ts'
import { toChangePurpose } from '../../src/domain/auth/otp.ts'
import type { E164 } from '../../src/domain/auth/phone.ts'
import type { Channel } from '../../src/domain/sms/channels.ts'
import { authenticationScope } from '../../src/domain/auth/token.ts'
import { ApiError } from '../../src/http/errors.ts'
import { channelOf, phoneOf } from '../../src/http/parsers.ts'
import type { CodeSent } from './codes.ts'

/** The number that an account is about to move to. */
export interface PendingPhone {
  phone: E164
  requestedAt: Date
}

export interface PhoneChangeRequest {
  phoneNumber: string
  channel?: Channel | undefined
  address: string | undefined
  languages?: LanguageWish
}

export interface PhoneChange {
  /**
   * Sends a code to the number that the caller wants to move to; a later one replaces it. Says the same whether or not
   * the number has an account.
   * @throws {ApiError} CHR_VALIDATION for the number that the account has, CHR_PHONE_NOT_ALLOWED for test accounts,
   * CHR_CHANNEL_NOT_ALLOWED, and those of `codes.send`
   */
  request (session: Session, request: PhoneChangeRequest): Promise<CodeSent>
  /**
   * Moves the account, ends all other sessions and tells the old number.
   * @throws {ApiError} CHR_OTP_INVALID, also when the number was taken meanwhile, and those of `codes.verify`
   */
  verify (session: Session, answer: { otp: string, address: string | undefined }): Promise<User>
  /** @throws {ApiError} CHR_NOT_FOUND when nothing is pending */
  cancel (session: Session): Promise<void>
  /** Ends what is pending, if anything is. */
  forget (userId: number): Promise<void>
  /** What a row of `phone_changes` says. */
  read (userId: number, pending: PendingChange): PendingPhone | undefined
}

declare module 'fastify' {
  interface FastifyInstance { phoneChange: PhoneChange }
}

/** Offers `phoneChange`. A code for one user's change is of no use to another user, nor for a login. */
export default fp(async (fastify) => {
  const { db, codes, otp, smsOutbox, smsTexts, securityLog, clock, config, log } = fastify
  const contextOf = (userId: number) => `phone change of ${userId}`

  async function userOf (userId: number): Promise<User> {
    const user = await findUser(db, userId)
    if (user === undefined) throw new ApiError('CHR_UNAUTHENTICATED')
    return user
  }

  /** Nothing once its code must be over. */
  function read (userId: number, { secret_id: secretId, sealed_phone: sealed, requested_at: requestedAt }: PendingChange): PendingPhone | undefined {
    const phone = otp.openPhone(contextOf(userId), { secretId, sealed })
    return phone === undefined || clock.now() - requestedAt.getTime() > maximumLifeMs ? undefined : { phone, requestedAt }
  }

  async function pendingOf (userId: number): Promise<E164 | undefined> {
    const row = await findPhoneChange(db, userId)
    return row === undefined ? undefined : read(userId, row)?.phone
  }

  async function keep (userId: number, phone: E164): Promise<void> {
    const { secretId, sealed } = otp.sealPhone(contextOf(userId), phone)
    try {
      await keepPhoneChange(db, { user_id: userId, secret_id: secretId, sealed_phone: sealed, requested_at: new Date(clock.now()) })
    } catch (error) {
      if (!violates(error, 'foreignKey')) throw error
      await otp.revokeChange(userId, phone)
      throw new ApiError('CHR_UNAUTHENTICATED')
    }
  }

  async function move ({ userId, id: sessionId }: Session, phoneNumber: E164): Promise<User> {
    const user = await changePhone(db, { userId, phoneNumber, sessionId, scope: authenticationScope, now: new Date(clock.now()) }).catch((error: unknown) => {
      // Taken while the code was under way: who asks must not learn that the number has an account.
      if (violates(error, 'unique')) throw new ApiError('CHR_OTP_INVALID')
      throw error
    })
    if (user === undefined) throw new ApiError('CHR_UNAUTHENTICATED')
    return user
  }

  /** The move is done: what now fails is logged and takes nothing back. */
  async function tell (oldPhone: E164, newPhone: E164, language: string | null): Promise<void> {
    const steps = [
      smsOutbox.enqueue({ notice: 'phone_changed', language: language ?? undefined, ...otp.sealPhone('phone_changed', oldPhone) }),
      otp.revoke(oldPhone),
      otp.revoke(newPhone)
    ]
    for (const step of await Promise.allSettled(steps)) {
      if (step.status === 'rejected') log.error({ err: step.reason }, 'a change of number could not be told or its codes not be revoked')
    }
  }

  async function forget (userId: number): Promise<boolean> {
    const row = await deletePhoneChange(db, userId)
    const pending = row === undefined ? undefined : read(userId, row)
    if (pending !== undefined) await otp.revokeChange(userId, pending.phone)
    return pending !== undefined
  }

  fastify.decorate('phoneChange', {
    read,
    forget: async (userId) => { await forget(userId) },

    async request ({ userId }, { phoneNumber, channel: asked, address, languages }) {
      const phone = phoneOf(phoneNumber, config)
      const channel = channelOf(asked, config)
      const { phone_number: current, is_test: isTest } = await userOf(userId)
      if (isTest) throw new ApiError('CHR_PHONE_NOT_ALLOWED', { message: 'The account of a test number keeps its number.' })
      if (current === phone) {
        const message = 'field "phone_number" is the number that the account has already'
        throw new ApiError('CHR_VALIDATION', { message, details: [{ path: 'phone_number', message }] })
      }
      const earlier = await pendingOf(userId)
      const sent = await codes.send({ phone, purpose: toChangePurpose(userId), channel, language: smsTexts.chooseLanguage(phone, languages) }, { address, userId })
      await keep(userId, phone)
      if (earlier !== undefined && earlier !== phone) await otp.revokeChange(userId, earlier)
      securityLog.record('phone_change.requested', { phone, userId })
      return sent
    },

    async verify (session, { otp: code, address }) {
      const { userId } = session
      const phone = await pendingOf(userId)
      if (phone === undefined) return await codes.refuse({ address, userId })
      const { phone_number: oldPhone, language } = await userOf(userId)
      await codes.verify({ phone, code, purpose: toChangePurpose(userId), canRegister: true }, { address, userId })
      const user = await move(session, phone)
      securityLog.record('phone_change.completed', { phone, userId })
      await tell(oldPhone, phone, language)
      return user
    },

    async cancel ({ userId }) {
      if (!await forget(userId)) throw new ApiError('CHR_NOT_FOUND')
      securityLog.record('phone_change.cancelled', { userId })
    }
  })
}, { name: 'phone-change', dependencies: ['postgres', 'codes', 'sms-texts'], fastify: '5.x' })
