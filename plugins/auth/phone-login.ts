import fp from 'fastify-plugin'
import { isDeviceOf } from '../../db/devices.ts'
import { findAccount, registerWithToken, type Account, type RegisteredUser } from '../../db/users.ts'
import type { Client } from '../../src/http/client.ts'
import { maskAddress } from '../../src/domain/auth/client-address.ts'
import type { E164 } from '../../src/domain/auth/phone.ts'
import type { Channel } from '../../src/domain/sms/channels.ts'
import type { TestNumber } from '../../src/domain/auth/test-numbers.ts'
import { authenticationScope, createToken, hashToken } from '../../src/domain/auth/token.ts'
import { cutUserAgent } from '../../src/domain/auth/user-agent.ts'
import { ApiError, UnavailableError } from '../../src/http/errors.ts'
import { channelOf, nameOf, phoneOf } from '../../src/http/parsers.ts'
import type { CodeSent } from './codes.ts'

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
   * @throws {ApiError} CHR_PHONE_INVALID, CHR_PHONE_NOT_ALLOWED, CHR_CHANNEL_NOT_ALLOWED, CHR_VALIDATION (name), CHR_OTP_LOCKED, CHR_RATE_LIMITED
   */
  sendCode (request: { phoneNumber: string, name?: string, channel?: Channel | undefined }, client: Client): Promise<CodeSent>
  /**
   * Takes a code for a session; makes the account if there is none.
   * @throws {ApiError} as above, and CHR_OTP_INVALID, CHR_NAME_REQUIRED
   */
  signIn (answer: { phoneNumber: string, otp: string, name?: string }, client: Client): Promise<SignedIn>
}

declare module 'fastify' {
  interface FastifyInstance { phoneLogin: PhoneLogin }
}

/** Who registers or logs in, once the code was right. */
interface Registrant {
  name: string | undefined
  /** Of the SMS that carried the code. */
  language: string | undefined
  isTest: boolean
  /** As it was before the code was taken. */
  account: Account | undefined
}

/** A device is known for 90 days after its last login. */
const deviceSeconds = 90 * 86_400
/** Characters of the hash that stand for a device in the code store. */
const deviceTagLength = 22

/** Offers `phoneLogin`: what sign-up, login and verify share. */
export default fp(async (fastify) => {
  const { db, codes, smsTexts, testNumbers, securityLog, clock, config } = fastify

  const isTestNumber = (phone: E164) => testNumbers.find(phone) !== undefined

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

  async function register (phone: E164, { name, language, isTest, account }: Registrant, client: Client, device: string | undefined): Promise<SignedIn> {
    const { plaintext, hash } = createToken()
    // A client that is known keeps its token; nobody else learns of it.
    const deviceToken = device === undefined || client.deviceToken === undefined ? createToken().plaintext : client.deviceToken
    const finalExpiry = endOfSession(phone, isTest)
    const expiresAt = earlier(inSeconds(config.auth.tokenTtlSeconds), finalExpiry)
    const user = await registerWithToken(db, {
      phoneNumber: phone,
      name,
      language,
      token: {
        hash,
        scope: authenticationScope,
        createdAt: inSeconds(0),
        expiry: expiresAt,
        finalExpiry,
        userAgent: cutUserAgent(client.userAgent),
        address: maskAddress(client.address)
      },
      device: { hash: hashToken(deviceToken), expiry: inSeconds(deviceSeconds) },
      isTest,
      sessionsEpoch: account?.sessions_epoch ?? 0
    })
    if (user !== undefined) return { user, token: plaintext, expiresAt, deviceToken }
    // A real account met by a test code, or one that ended all sessions, and the codes under way, meanwhile.
    if (isTest || await findAccount(db, phone) !== undefined) throw new ApiError('CHR_OTP_INVALID')
    throw new UnavailableError('postgres', new Error('the account went away between the code and the session'))
  }

  /** TOKEN_MAX_SECONDS after the login; that of a test number no later than its last day. */
  function endOfSession (phone: E164, isTest: boolean): Date {
    const end = inSeconds(config.auth.tokenMaxSeconds)
    const number = isTest ? testNumbers.find(phone) : undefined
    if (isTest && number === undefined) throw new ApiError('CHR_OTP_INVALID')
    return number === undefined ? end : earlier(end, new Date(number.endsAt))
  }

  fastify.decorate('phoneLogin', {
    async sendCode ({ phoneNumber, name: given, channel: asked }, client) {
      const phone = phoneOf(phoneNumber, config, isTestNumber)
      const channel = channelOf(asked, config)
      const name = given === undefined ? undefined : nameOf(given)
      const device = await recognize(phone, client)
      const language = smsTexts.chooseLanguage(phone, client.languages)
      return await codes.send({ phone, name, language, channel, device, fixedCode: (await testNumberOf(phone))?.code }, { address: client.address })
    },

    async signIn ({ phoneNumber, otp: code, name: given }, client) {
      const phone = phoneOf(phoneNumber, config, isTestNumber)
      const name = given === undefined ? undefined : nameOf(given)
      const device = await recognize(phone, client)
      // Asked before the code is used up: while the database is away nobody loses a code.
      const account = await findAccount(db, phone)
      const canRegister = name !== undefined || account !== undefined
      const verdict = await codes.verify({ phone, code, canRegister, device }, { address: client.address })
      const { language, isTest } = verdict
      const signedIn = await register(phone, { name: name ?? verdict.name, language, isTest, account }, client, device)
      const { id: userId, is_new: isNew } = signedIn.user
      if (isNew) securityLog.record('account.created', { phone, userId, isTest })
      securityLog.record('login.succeeded', { phone, userId, isTest })
      return signedIn
    }
  })
}, { name: 'phone-login', dependencies: ['postgres', 'codes', 'sms-texts', 'test-numbers'], fastify: '5.x' })

function earlier (one: Date, other: Date): Date {
  return one < other ? one : other
}
