import fp from 'fastify-plugin'
import type { User } from '../../db/schema.ts'
import type { Session } from '../../db/tokens.ts'
import { changePhone, listPhoneOwners, type PhoneMoved } from '../../db/phone-moves.ts'
import { deletePhoneChange, findPhoneChange, findUser, upsertPhoneChange, type PendingChange } from '../../db/users.ts'
import { violates } from '../../db/errors.ts'
import type { LanguagePreferences } from '../../src/http/client.ts'
import { maximumLifeMs } from '../../src/domain/auth/challenge-records.ts'
import { toCurrentSpelling } from '../../src/domain/auth/earlier-spellings.ts'
import { toChangePurpose } from '../../src/domain/auth/otp.ts'
import type { E164 } from '../../src/domain/auth/phone.ts'
import type { RequestedChannel } from '../../src/domain/sms/delivery.ts'
import { authenticationScope } from '../../src/domain/auth/token.ts'
import { ApiError } from '../../src/http/errors.ts'
import { checkAppHash, parseChannel, parseCodeField, fieldError, parsePhoneNumber } from '../../src/http/parsers.ts'
import type { CodeSent, Objection } from './codes.ts'

/** A pending change of an account to a number. */
export interface PendingPhone {
  phone: E164
  requestedAt: Date
}

export interface PhoneChangeRequest {
  phoneNumber: string
  channel?: RequestedChannel | undefined
  /** Hash of the Android app that reads the SMS. */
  appHash?: string | undefined
  address: string | undefined
  languages?: LanguagePreferences
}

export interface ChangeAnswer {
  otp: string
  /**
   * Moves the number although another account has it. That account loses the number, its sessions and its trusted devices at once, and
   * is deleted with its data after 30 days.
   */
  takeOver?: boolean | undefined
  address: string | undefined
}

export interface PhoneChange {
  /**
   * Sends a code to the new number; a later request replaces the change. The result does not depend on whether the number
   * has an account.
   * @throws {ApiError} CHR_VALIDATION for the current number of the account, CHR_PHONE_NOT_ALLOWED for test accounts,
   * CHR_CHANNEL_NOT_ALLOWED, and those of `codes.send`
   */
  request (session: Session, request: PhoneChangeRequest): Promise<CodeSent>
  /**
   * Moves the account, ends all other sessions and notifies the old number.
   * @throws {ApiError} CHR_VALIDATION (otp), CHR_PHONE_TAKEN for the right code of a number that another account has, unless the answer
   * takes it over; CHR_PHONE_NOT_ALLOWED for that of a test account, and those of `codes.verify`
   */
  verify (session: Session, answer: ChangeAnswer): Promise<User>
  /** @throws {ApiError} CHR_NOT_FOUND if no change is pending */
  cancel (session: Session): Promise<void>
  /** Deletes the pending change, if there is one. */
  clear (userId: number): Promise<void>
  /** Decrypts a row of `phone_changes`; `undefined` once its code must have expired. */
  read (userId: number, pending: PendingChange): PendingPhone | undefined
}

declare module 'fastify' {
  interface FastifyInstance { phoneChange: PhoneChange }
}

const takenMeanwhile = 'Another account has just registered this number. If the number is yours, request a new code for it.'
const taken: Objection = { event: 'phone_change.taken', code: 'CHR_PHONE_TAKEN' }
const reserved: Objection = { ...taken, code: 'CHR_PHONE_NOT_ALLOWED', message: 'This number is reserved for tests. Choose another one.' }

/** Moves accounts to other numbers. The code for a change is valid for its user only, and not for a login. */
export default fp(async (fastify) => {
  const { db, codes, otp, smsOutbox, smsTexts, securityLog, rowClock: clock, config, log } = fastify
  const contextOf = (userId: number) => `phone change of ${userId}`

  async function userOf (userId: number): Promise<User> {
    const user = await findUser(db, userId)
    if (user === undefined) throw new ApiError('CHR_UNAUTHENTICATED')
    return user
  }

  function read (
    userId: number, { secret_id: secretId, sealed_phone: sealed, requested_at: requestedAt }: PendingChange
  ): PendingPhone | undefined {
    const phone = otp.openPhone(contextOf(userId), { secretId, sealed })
    return phone === undefined || clock.now() - requestedAt.getTime() > maximumLifeMs ? undefined : { phone, requestedAt }
  }

  async function pendingOf (userId: number): Promise<E164 | undefined> {
    const row = await findPhoneChange(db, userId)
    return row === undefined ? undefined : read(userId, row)?.phone
  }

  async function storePending (userId: number, phone: E164): Promise<void> {
    const { secretId, sealed } = otp.sealPhone(contextOf(userId), phone)
    try {
      await upsertPhoneChange(db, { user_id: userId, secret_id: secretId, sealed_phone: sealed, requested_at: new Date(clock.now()) })
    } catch (error) {
      if (!violates(error, 'foreignKey')) throw error
      await otp.revokeChange(userId, phone)
      throw new ApiError('CHR_UNAUTHENTICATED')
    }
  }

  /** Returns whether a right code may move the user to the number, and what to answer if not. */
  async function check (userId: number, phone: E164, takeOver: boolean): Promise<{ canRegister: boolean, objection: Objection }> {
    const owners = await listPhoneOwners(db, phone)
    const isTest = owners.some((owner) => owner.isTest) || config.auth.testNumbers.has(phone)
    const canRegister = owners.every(({ id }) => id === userId) || (takeOver && !isTest)
    return { canRegister, objection: isTest ? reserved : taken }
  }

  async function move ({ userId, id: sessionId }: Session, phoneNumber: E164, takesOver: boolean): Promise<PhoneMoved> {
    const change = { userId, phoneNumber, sessionId, takesOver, scope: authenticationScope, now: new Date(clock.now()) }
    const moved = await changePhone(db, change).catch((error: unknown) => {
      // Another account got the number after the code was checked, and the code is used up.
      if (violates(error, 'unique')) throw new ApiError('CHR_PHONE_TAKEN', { message: takenMeanwhile })
      throw error
    })
    if (moved === undefined) throw new ApiError('CHR_UNAUTHENTICATED')
    return moved
  }

  /** Notifies the old number and revokes the codes of both. A failure is only logged, since the account has moved. */
  async function notify (oldPhone: E164, newPhone: E164, language: string | null): Promise<void> {
    const recipient = otp.sealPhone('phone_changed', toCurrentSpelling(oldPhone))
    const steps = [
      smsOutbox.enqueue({ notice: 'phone_changed', language: language ?? undefined, ...recipient }),
      otp.revoke(oldPhone),
      otp.revoke(newPhone)
    ]
    for (const step of await Promise.allSettled(steps)) {
      if (step.status === 'rejected') {
        log.error({ err: step.reason }, 'after a change of number the notice or the revocation of codes failed')
      }
    }
  }

  /** Deletes the pending change and revokes its code; returns whether there was one. */
  async function clear (userId: number): Promise<boolean> {
    const row = await deletePhoneChange(db, userId)
    const pending = row === undefined ? undefined : read(userId, row)
    if (pending !== undefined) await otp.revokeChange(userId, pending.phone)
    return pending !== undefined
  }

  fastify.decorate('phoneChange', {
    read,
    clear: async (userId) => { await clear(userId) },

    async request ({ userId }, { phoneNumber, channel: requested, appHash, address, languages }) {
      const phone = parsePhoneNumber(phoneNumber, config)
      const channel = parseChannel(requested, config)
      checkAppHash(appHash, config)
      const { phone_number: current, is_test: isTest } = await userOf(userId)
      if (isTest) throw new ApiError('CHR_PHONE_NOT_ALLOWED', { message: 'The account of a test number cannot change its number.' })
      if (toCurrentSpelling(current) === phone) throw fieldError('phone_number', 'is already the number of the account')
      const earlier = await pendingOf(userId)
      const language = smsTexts.chooseLanguage(phone, languages)
      const sent = await codes.send({ phone, purpose: toChangePurpose(userId), channel, appHash, language }, { address, userId })
      await storePending(userId, phone)
      if (earlier !== undefined && earlier !== phone) await otp.revokeChange(userId, earlier)
      securityLog.record('phone_change.requested', { phone, userId })
      return sent
    },

    async verify (session, { otp: typed, takeOver = false, address }) {
      const { userId } = session
      const code = parseCodeField(typed)
      const pending = await pendingOf(userId)
      const { phone_number: oldPhone, language } = await userOf(userId)
      // Without a pending change the code may be a repeat of the one that gave the account its number.
      const phone = toCurrentSpelling(pending ?? oldPhone)
      // Read before the code is checked, so that right and wrong codes and all numbers lead to the same work.
      const { canRegister, objection } = await check(userId, phone, takeOver)
      await codes.verify({ phone, code, purpose: toChangePurpose(userId), canRegister, objection }, { address, userId })
      const { user, released } = await move(session, phone, takeOver)
      securityLog.record('phone_change.completed', { phone, userId })
      for (const { id, sessions } of released) securityLog.record('account.released', { phone, userId: id, count: sessions })
      await notify(oldPhone, phone, language)
      return user
    },

    async cancel ({ userId }) {
      if (!await clear(userId)) throw new ApiError('CHR_NOT_FOUND')
      securityLog.record('phone_change.cancelled', { userId })
    }
  })
}, { name: 'phone-change', dependencies: ['postgres', 'codes', 'sms-texts'], fastify: '5.x' })
