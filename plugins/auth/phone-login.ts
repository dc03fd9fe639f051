import { hash } from 'node:crypto'
import fp from 'fastify-plugin'
import { isRolledBack } from '../../db/errors.ts'
import { isDeviceOf } from '../../db/tokens.ts'
import { findAccounts, registerWithTokens, type Account, type RegisteredUser, type Registration } from '../../db/registrations.ts'
import type { Client } from '../../src/http/client.ts'
import { maskAddress } from '../../src/domain/auth/client-address.ts'
import type { E164 } from '../../src/domain/auth/phone.ts'
import type { RequestedChannel } from '../../src/domain/sms/delivery.ts'
import type { TestNumber } from '../../src/domain/auth/test-numbers.ts'
import { authenticationScope, createToken, hashToken } from '../../src/domain/auth/token.ts'
import { createBatchQueue } from '../../src/process/batch-queue.ts'
import { cutUserAgent } from '../../src/domain/auth/display-text.ts'
import { ApiError, UnavailableError } from '../../src/http/errors.ts'
import { checkAppHash, parseChannel, parseCodeField, parseNameField, parsePhoneNumber } from '../../src/http/parsers.ts'
import type { CodeSent, Objection } from './codes.ts'

export interface SignedIn {
  user: RegisteredUser
  /** The plaintext token, which is stored nowhere. */
  token: string
  expiresAt: Date
  /** Use extends the session up to this moment. */
  finalExpiry: Date
  /** Identifies this client as a trusted device in its next logins. */
  deviceToken: string
}

/** A request for a code. */
export interface CodeOrder {
  phoneNumber: string
  name?: string
  channel?: RequestedChannel | undefined
  /** Hash of the Android app that reads the SMS. */
  appHash?: string | undefined
}

export interface PhoneLogin {
  /**
   * Sends a code, or reports that the last one is still valid. The result does not depend on whether the number has an account.
   * @throws {ApiError} CHR_PHONE_INVALID, CHR_PHONE_NOT_ALLOWED, CHR_CHANNEL_NOT_ALLOWED, CHR_VALIDATION (name, app_hash),
   * CHR_OTP_LOCKED, CHR_RATE_LIMITED
   */
  sendCode (request: CodeOrder, client: Client): Promise<CodeSent>
  /**
   * Verifies a code and begins a session; creates the account if there is none.
   * @throws {ApiError} those of `sendCode`, and CHR_OTP_INVALID, CHR_OTP_USED, CHR_NAME_REQUIRED
   */
  signIn (answer: { phoneNumber: string, otp: string, name?: string }, client: Client): Promise<SignedIn>
}

declare module 'fastify' {
  interface FastifyInstance { phoneLogin: PhoneLogin }
}

/** The user of a right code. */
interface Registrant {
  challengeId: string
  phone: E164
  name: string | undefined
  /** Language that the client of the login names, else that of the SMS with the code. */
  language: string | undefined
  isTest: boolean
  /** The account as it was before the code was verified. */
  account: Account | undefined
  /** Tag of a trusted device. */
  device: string | undefined
}

const nameRequired: Objection = { event: 'otp.name_required', code: 'CHR_NAME_REQUIRED' }

/** A locked row delays the logins of its statement. */
const maximumRegistrations = 50
/** A device is trusted for 90 days after its last login. */
const deviceSeconds = 90 * 86_400
/** Characters of the hash that identify a device in the OTP store. */
const deviceTagLength = 22

/** Signs users in by phone number. The routes for sign-up, login and verification share it. */
export default fp(async (fastify) => {
  const { db, codes, smsTexts, securityLog, rowClock: clock, config } = fastify
  // Under load a login takes a third of the time of PostgreSQL that it would take alone.
  const findAccount = createBatchQueue<E164, Account | undefined>({ run: async (phones) => await findAccounts(db, phones) })
  const registerWithToken = createBatchQueue<Registration, RegisteredUser | undefined>({
    run: registerAll, keyOf: ({ phoneNumber }) => phoneNumber, maximumBatch: maximumRegistrations
  })

  /** If the server refused the statement, for example because a row was locked too long, each login gets a statement of its own. */
  async function registerAll (registrations: readonly Registration[]) {
    try {
      return await registerWithTokens(db, registrations)
    } catch (error) {
      if (registrations.length === 1 || !isRolledBack(error as Error)) throw error
      return registrations.map(async (registration) => (await registerWithTokens(db, [registration]))[0])
    }
  }

  /** Returns the test number with its fixed code, until its last day is over. */
  function findValidTestNumber (phone: E164): TestNumber | undefined {
    const number = config.auth.testNumbers.get(phone)
    return number !== undefined && clock.now() < number.endsAt ? number : undefined
  }

  const isTestNumber = (phone: E164) => findValidTestNumber(phone) !== undefined

  /** Returns a moment after this many seconds, without milliseconds: columns store whole seconds, and replies must agree with them. */
  const inSeconds = (seconds: number) => new Date(Math.floor(clock.now() / 1000 + seconds) * 1000)

  /** Returns the tag of a device that the owner of the number signed in with before. */
  async function findTrustedDevice (phone: E164, { deviceToken }: Client): Promise<string | undefined> {
    if (deviceToken === undefined) return undefined
    const deviceHash = hashToken(deviceToken)
    const isTrusted = await isDeviceOf(db, { hash: deviceHash, phoneNumber: phone, now: new Date(clock.now()) })
    return isTrusted ? deviceHash.toString('base64url').slice(0, deviceTagLength) : undefined
  }

  /** Returns the test number, unless the number has a real account, which a fixed code must not open. */
  async function findTestNumber (phone: E164): Promise<TestNumber | undefined> {
    const number = findValidTestNumber(phone)
    if (number === undefined) return undefined
    const account = await findAccount(phone)
    return account === undefined || account.is_test ? number : undefined
  }

  async function register ({ challengeId, phone, name, language, isTest, account, device }: Registrant, client: Client): Promise<SignedIn> {
    const token = createToken()
    // A trusted device keeps its token. A token of any other client is replaced, so it tells nothing about the number.
    const deviceToken = device === undefined || client.deviceToken === undefined ? createToken().plaintext : client.deviceToken
    // An account keeps the spelling that it was registered under. Without a name, none is created under an old spelling.
    const phoneNumber = account?.phone_number ?? phone
    const finalExpiry = getFinalExpiry(phone, isTest)
    const expiresAt = earlier(inSeconds(config.auth.tokenTtlSeconds), finalExpiry)
    const user = await registerWithToken({
      challengeHash: hash('sha256', challengeId, 'buffer'),
      phoneNumber,
      name: phoneNumber === phone ? name : undefined,
      language,
      token: {
        hash: token.hash,
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
    if (user !== undefined) return { user, token: token.plaintext, expiresAt, finalExpiry, deviceToken }
    // A test code met a real account, or the account ended all sessions and with them the live codes.
    if (isTest || await findAccount(phone) !== undefined) throw new ApiError('CHR_OTP_INVALID')
    throw new UnavailableError('postgres', new Error('the account went away between the code and the session'))
  }

  /** Returns the final expiry of a session: TOKEN_MAX_SECONDS after the login, and for a test number no later than its last day. */
  function getFinalExpiry (phone: E164, isTest: boolean): Date {
    const end = inSeconds(config.auth.tokenMaxSeconds)
    const number = isTest ? findValidTestNumber(phone) : undefined
    if (isTest && number === undefined) throw new ApiError('CHR_OTP_INVALID')
    return number === undefined ? end : earlier(end, new Date(number.endsAt))
  }

  fastify.decorate('phoneLogin', {
    async sendCode ({ phoneNumber, name: given, channel: requested, appHash }, client) {
      const phone = parsePhoneNumber(phoneNumber, config, isTestNumber)
      const channel = parseChannel(requested, config)
      checkAppHash(appHash, config)
      const name = given === undefined ? undefined : parseNameField(given)
      const device = await findTrustedDevice(phone, client)
      const language = smsTexts.chooseLanguage(phone, client.languages)
      const fixedCode = (await findTestNumber(phone))?.code
      return await codes.send({ phone, name, language, channel, appHash, device, fixedCode }, { address: client.address })
    },

    async signIn ({ phoneNumber, otp, name: given }, client) {
      const phone = parsePhoneNumber(phoneNumber, config, isTestNumber)
      const code = parseCodeField(otp)
      const name = given === undefined ? undefined : parseNameField(given)
      const device = await findTrustedDevice(phone, client)
      // Read before the code is used up, so that no code is lost while the database is unavailable.
      const account = await findAccount(phone)
      const canRegister = name !== undefined || account !== undefined
      const verdict = await codes.verify({ phone, code, canRegister, objection: nameRequired, device }, { address: client.address })
      const { challengeId, isTest } = verdict
      // Whoever has the code states the language of the account; a stranger may have requested the code in another one.
      const language = smsTexts.findLanguage(phone, client.languages) ?? verdict.language
      const signedIn = await register({ challengeId, phone, name: name ?? verdict.name, language, isTest, account, device }, client)
      const { id: userId, is_new: isNew } = signedIn.user
      if (isNew) securityLog.record('account.created', { phone, userId, isTest })
      securityLog.record('login.succeeded', { phone, userId, isTest })
      return signedIn
    }
  })
}, { name: 'phone-login', dependencies: ['postgres', 'codes', 'sms-texts', 'security-events'], fastify: '5.x' })

function earlier (one: Date, other: Date): Date {
  return one < other ? one : other
}
