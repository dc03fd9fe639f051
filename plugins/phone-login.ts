import fp from 'fastify-plugin'
import { isRegistered, registerWithToken, type RegisteredUser } from '../db/users.ts'
import type { Client } from '../src/client.ts'
import { smsCountriesOf } from '../src/config-facts.ts'
import { maskAddress } from '../src/domain/client-address.ts'
import { parseName } from '../src/domain/name.ts'
import { parsePhone, type E164 } from '../src/domain/phone.ts'
import { authenticationScope, createToken } from '../src/domain/token.ts'
import { cutUserAgent } from '../src/domain/user-agent.ts'
import { ApiError, UnavailableError } from '../src/errors.ts'

export interface CodeSent {
  /** Seconds until the code is over. */
  expiresIn: number
  /** Seconds until another SMS may be asked for. */
  resendIn: number
}

export interface SignedIn {
  user: RegisteredUser
  /** The plaintext token; this is the only time that it is seen. */
  token: string
  expiresAt: Date
}

export interface PhoneLogin {
  /**
   * Sends a code, or says that the one under way is still good. Never tells whether the number has an account.
   * @throws {ApiError} CHR_PHONE_INVALID, CHR_PHONE_NOT_ALLOWED, CHR_VALIDATION (name), CHR_OTP_LOCKED, CHR_RATE_LIMITED
   */
  sendCode (request: { phoneNumber: string, name?: string }): Promise<CodeSent>
  /**
   * Takes a code for a session; makes the account if there is none.
   * @throws {ApiError} as above, and CHR_OTP_INVALID, CHR_NAME_REQUIRED
   */
  signIn (answer: { phoneNumber: string, otp: string, name?: string, client: Client }): Promise<SignedIn>
}

declare module 'fastify' {
  interface FastifyInstance { phoneLogin: PhoneLogin }
}

/** Offers `phoneLogin`: what sign-up, login and verify share. */
export default fp(async (fastify) => {
  const { db, otp, smsOutbox, clock, config } = fastify
  const countries = smsCountriesOf(config)

  function phoneOf (text: string): E164 {
    const phone = parsePhone(text, config.DEFAULT_REGION)
    if (phone.kind === 'malformed') throw new ApiError('CHR_PHONE_INVALID')
    if (phone.kind === 'not_textable') {
      throw new ApiError('CHR_PHONE_NOT_ALLOWED', { message: 'This number cannot receive SMS. Use a mobile number.' })
    }
    if (countries?.has(phone.country) === false) {
      throw new ApiError('CHR_PHONE_NOT_ALLOWED', { message: `No SMS are sent to this country (${phone.country}).` })
    }
    return phone.e164
  }

  const secondsUntil = (moment: number) => Math.max(0, Math.ceil((moment - clock.now()) / 1000))
  const locked = (retryAt: number) => new ApiError('CHR_OTP_LOCKED', { retryAfterSeconds: Math.max(1, secondsUntil(retryAt)) })

  fastify.decorate('phoneLogin', {
    async sendCode ({ phoneNumber, name }) {
      const place = { phone: phoneOf(phoneNumber), name: nameOf(name) }
      smsOutbox.ensureRoom()
      const outcome = await otp.request(place)
      if (outcome.kind === 'locked') throw locked(outcome.retryAt)
      if (outcome.kind === 'too_soon') throw new ApiError('CHR_RATE_LIMITED', { retryAfterSeconds: Math.max(1, secondsUntil(outcome.retryAt)) })
      if (outcome.kind === 'sent') await smsOutbox.enqueue({ challengeId: outcome.challengeId, send: outcome.send })
      return { expiresIn: secondsUntil(outcome.expiresAt), resendIn: secondsUntil(outcome.nextSendAt) }
    },

    async signIn ({ phoneNumber, otp: code, name: given, client }) {
      const phone = phoneOf(phoneNumber)
      const name = nameOf(given)
      // Asked before the code is used up: while the database is away nobody loses a code.
      const canRegister = name !== undefined || await isRegistered(db, phone)
      const verdict = await otp.verify({ phone, code, canRegister })
      if (verdict.kind === 'locked') throw locked(verdict.retryAt)
      if (verdict.kind === 'wrong') throw new ApiError('CHR_OTP_INVALID')
      if (verdict.kind === 'name_required') throw new ApiError('CHR_NAME_REQUIRED')
      return await register(phone, name ?? verdict.name, client)
    }
  })

  async function register (phone: E164, name: string | undefined, { address, userAgent }: Client): Promise<SignedIn> {
    const { plaintext, hash } = createToken()
    const now = clock.now()
    // The columns have whole seconds, and the answer says what they hold.
    const inSeconds = (seconds: number) => new Date(Math.floor(now / 1000 + seconds) * 1000)
    const expiresAt = inSeconds(config.TOKEN_TTL_SECONDS)
    const user = await registerWithToken(db, {
      phoneNumber: phone,
      name,
      token: {
        hash,
        scope: authenticationScope,
        createdAt: inSeconds(0),
        expiry: expiresAt,
        finalExpiry: inSeconds(config.TOKEN_MAX_SECONDS),
        userAgent: cutUserAgent(userAgent),
        address: maskAddress(address)
      }
    })
    if (user === undefined) throw new UnavailableError('postgres', new Error('the account went away between the code and the session'))
    return { user, token: plaintext, expiresAt }
  }
}, { name: 'phone-login', dependencies: ['postgres', 'otp', 'sms-outbox'], fastify: '5.x' })

function nameOf (text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const name = parseName(text)
  if (name !== undefined) return name
  const message = 'field "name" needs 1 to 100 visible characters, without control, direction or zero-width marks'
  throw new ApiError('CHR_VALIDATION', { message, details: [{ path: 'name', message }] })
}
