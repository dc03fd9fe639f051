import fp from 'fastify-plugin'
import { isDeviceOf } from '../db/devices.ts'
import { findAccount, registerWithToken, type RegisteredUser } from '../db/users.ts'
import type { E164 } from '../src/domain/phone.ts'
import type { TestNumber } from '../src/domain/test-numbers.ts'
import { authenticationScope, createToken, hashToken } from '../src/domain/token.ts'
import { ApiError, UnavailableError } from '../src/errors.ts'
import { nameOf, phoneOf } from '../src/inputs.ts'
import type { CodeSent } from './codes.ts'

/** Who asks. */
export interface Client {
  /** Where the request comes from, if that is known. */
  address: string | undefined
  userAgent: string | undefined
  /** Told by an earlier `signIn` of this client; anything else is as if there were none. */
  deviceToken: string | undefined
}

export interface SignedIn {
  user: RegisteredUser
  /** The plaintext token; this is the only time that it is seen. */
  token: string
  expiresAt: Date
  /** For this client's next logins; of no other use. */
  deviceToken: string
}

export interface PhoneLogin {
  /**
   * Sends a code, or says that the one under way is still good. Never tells whether the number has an account.
   * @throws {ApiError} CHR_PHONE_INVALID, CHR_PHONE_NOT_ALLOWED, CHR_VALIDATION (name), CHR_OTP_LOCKED, CHR_RATE_LIMITED
   */
  sendCode (request: { phoneNumber: string, name?: string }, client: Client): Promise<CodeSent>
  /**
   * Takes a code for a session; makes the account if there is none.
   * @throws {ApiError} as above, and CHR_OTP_INVALID, CHR_NAME_REQUIRED
   */
  signIn (answer: { phoneNumber: string, otp: string, name?: string }, client: Client): Promise<SignedIn>
}

declare module 'fastify' {
  interface FastifyInstance { phoneLogin: PhoneLogin }
}

/** A device is known for 90 days after its last login. */
const deviceSeconds = 90 * 86_400
/** Characters of the hash that stand for a device in the code store. */
const deviceTagLength = 22

/** Offers `phoneLogin`: what sign-up, login and verify share. */
export default fp(async (fastify) => {
  const { db, codes, testNumbers, securityLog, clock, config } = fastify

  /** Seconds from now; the columns have whole seconds, and answers say what they hold. */
  const inSeconds = (seconds: number) => new Date(Math.floor(clock.now() / 1000 + seconds) * 1000)

  /** The tag of a device that the number's owner signed in with before. */
  async function recognize (phone: E164, { deviceToken }: Client): Promise<string | undefined> {
    if (deviceToken === undefined) return undefined
    const hash = hashToken(deviceToken)
    const isKnown = await isDeviceOf(db, { hash, phoneNumber: phone, now: new Date(clock.now()) })
    return isKnown ? hash.toString('base64url').slice(0, deviceTagLength) : undefined
  }

  /** A test number's fixed code, unless the number has a real account, which such a code must not open. */
  async function testNumberOf (phone: E164): Promise<TestNumber | undefined> {
    const number = testNumbers.find(phone)
    if (number === undefined) return undefined
    const account = await findAccount(db, phone)
    return account === undefined || account.is_test ? number : undefined
  }

  async function register (phone: E164, { name, isTest }: { name: string | undefined, isTest: boolean }, deviceToken: string): Promise<SignedIn> {
    const { plaintext, hash } = createToken()
    const expiresAt = inSeconds(config.TOKEN_TTL_SECONDS)
    const user = await registerWithToken(db, {
      phoneNumber: phone,
      name,
      token: { hash, expiry: expiresAt, scope: authenticationScope },
      device: { hash: hashToken(deviceToken), expiry: inSeconds(deviceSeconds) },
      isTest
    })
    if (user !== undefined) return { user, token: plaintext, expiresAt, deviceToken }
    if (isTest) throw new ApiError('CHR_OTP_INVALID')
    throw new UnavailableError('postgres', new Error('the account went away between the code and the session'))
  }

  fastify.decorate('phoneLogin', {
    async sendCode ({ phoneNumber, name: given }, client) {
      const phone = phoneOf(phoneNumber, config)
      const name = given === undefined ? undefined : nameOf(given)
      const device = await recognize(phone, client)
      return await codes.send({ phone, name, device, fixedCode: (await testNumberOf(phone))?.code }, { address: client.address })
    },

    async signIn ({ phoneNumber, otp: code, name: given }, client) {
      const phone = phoneOf(phoneNumber, config)
      const name = given === undefined ? undefined : nameOf(given)
      const device = await recognize(phone, client)
      // Asked before the code is used up: while the database is away nobody loses a code.
      const canRegister = name !== undefined || await findAccount(db, phone) !== undefined
      const verdict = await codes.take({ phone, code, canRegister, device }, { address: client.address })
      const { isTest } = verdict
      if (isTest && testNumbers.find(phone) === undefined) throw new ApiError('CHR_OTP_INVALID')
      const deviceToken = device === undefined || client.deviceToken === undefined ? createToken().plaintext : client.deviceToken
      const signedIn = await register(phone, { name: name ?? verdict.name, isTest }, deviceToken)
      const { id: userId, is_new: isNew } = signedIn.user
      if (isNew) securityLog.record('account.created', { phone, userId, isTest })
      securityLog.record('login.succeeded', { phone, userId, isTest })
      return signedIn
    }
  })
}, { name: 'phone-login', dependencies: ['postgres', 'codes', 'test-numbers'], fastify: '5.x' })
