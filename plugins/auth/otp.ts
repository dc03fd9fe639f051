import fp from 'fastify-plugin'
import type { IssueOutcome } from '../../src/domain/auth/challenge.ts'
import { computeCheck, createChallengeId, toChangePurpose, deriveCode, parseChallengeId, seal, computeNameTag, unseal, type Purpose } from '../../src/domain/auth/otp.ts'
import type { E164 } from '../../src/domain/auth/phone.ts'
import { sealText, unsealText } from '../../src/domain/auth/seal.ts'
import type { Channel } from '../../src/domain/sms/channels.ts'
import type { Requester } from './otp-store/contract.ts'

/** Whose code it is about, what the code is for, and who asks. */
export interface CodeOwner {
  phone: E164
  /** `login` unless something else is said. */
  purpose?: Purpose
  /** Tag of a device that the number's owner signed in with before. */
  device?: string | undefined
}

export interface CodeRequest extends CodeOwner {
  /** For the account that the code may create. */
  name?: string | undefined
  /** Of the SMS. */
  language?: string | undefined
  /** `sms` unless something else is said. */
  channel?: Channel | undefined
  /** The code of a test number: no SMS carries it, and the limits and gaps of SMS do not apply. */
  fixedCode?: string | undefined
  /** Only asks whether an SMS would go out: then the answer is `due`. */
  dryRun?: boolean
}

export interface CodeAnswer extends CodeOwner {
  code: string
  /** The number has an account, or a name came with the code. */
  canRegister: boolean
}

export type CodeVerdict =
  /** The code was right and is used up; `name` is what the sends agreed on, if they did; `language` that of its first SMS; `isTest`: it was a fixed one; `sendAttempt`: its latest SMS. */
  | { kind: 'right', challengeId: string, sendAttempt: number, name: string | undefined, language?: string, isTest: boolean }
  | { kind: 'wrong' }
  | { kind: 'name_required' }
  | { kind: 'locked', retryAt: number }

/** What an SMS needs; made anew from the challenge whenever it is asked for. */
export interface CodeToSend {
  phone: E164
  code: string
  expiresAt: number
}

/** One-time codes. Rejects with `UnavailableError` when the store cannot be reached. */
export interface Otp {
  /** Starts or repeats the challenge of a number; `kind: 'sent'` means that an SMS is due. */
  request (request: CodeRequest): Promise<IssueOutcome>
  verify (answer: CodeAnswer): Promise<CodeVerdict>
  /** The code of a challenge, or nothing once it is used or over. */
  open (challengeId: string): Promise<CodeToSend | undefined>
  /**
   * From when on (ms) the number of a challenge may have its next SMS; not after now where nothing keeps it.
   * `isTest`: its code is a fixed one, which the limits of SMS do not keep.
   */
  resendAt (challengeId: string, options: { isTest: boolean }): Promise<number>
  /** That SMS failed for good: where it is the latest of a live challenge, the next one may go out at once. Repeats do no harm. */
  freeResend (challengeId: string, sendAttempt: number): Promise<void>
  /** Ends the login code under way, if there is one; the next SMS may go out at once. */
  revoke (phone: E164): Promise<void>
  /** Ends the code of a user's change to a number. The gap stays: the number may be a stranger's. */
  revokeChange (userId: number, phone: E164): Promise<void>
  /** A number as tables and queues may keep it; opens in the same context alone. */
  sealPhone (context: string, phone: E164): SealedPhone
  /** The number, while the secret that sealed it is in force. */
  openPhone (context: string, sealed: SealedPhone): E164 | undefined
  /** Forgets the failures of a number that was closed. */
  unlock (phone: E164): Promise<void>
}

export interface SealedPhone {
  secretId: string
  sealed: string
}

declare module 'fastify' {
  interface FastifyInstance { otp: Otp }
}

/** Offers `otp`: derives, seals and checks codes around `otpStore`, which sees neither codes nor numbers. */
export default fp(async (fastify) => {
  const { otpStore, secrets, clock, config } = fastify
  const { keyring } = secrets
  const rules = {
    ttlMs: config.OTP_TTL_SECONDS * 1000,
    resendMs: config.OTP_RESEND_SECONDS * 1000,
    sendsPerHour: config.LIMIT_SENDS_PER_PHONE_HOUR,
    sendsPerDay: config.LIMIT_SENDS_PER_PHONE_DAY,
    secretIds: keyring.all.map((secret) => secret.id)
  }
  const rulesOfTests = { ...rules, resendMs: 0, sendsPerHour: 0, sendsPerDay: 0 }
  const toRequester = ({ phone, purpose = 'login', device }: CodeOwner): Requester => ({ tag: secrets.hashPhone(phone), purpose, device })

  fastify.decorate('otp', {
    async request (request) {
      const { phone, name, language, fixedCode, dryRun = false } = request
      const requester = toRequester(request)
      const { purpose } = requester
      const secret = keyring.current
      const id = createChallengeId(requester)
      const length = fixedCode?.length ?? config.OTP_LENGTH
      const code = fixedCode ?? deriveCode(secret, { id, phone, purpose }, length)
      const content = {
        phone,
        length,
        ...(name === undefined ? {} : { name }),
        ...(language === undefined ? {} : { language }),
        ...(fixedCode === undefined ? {} : { isTest: true as const })
      }
      const candidate = {
        id,
        secretId: secret.id,
        sealed: seal(secret, id, content),
        check: computeCheck(secret, phone, purpose, code),
        nameTag: computeNameTag(secrets.phoneHashKey, phone, name)
      }
      return await otpStore.issue(requester, candidate, fixedCode === undefined ? { ...rules, dryRun } : rulesOfTests, clock.now())
    },

    async verify (answer) {
      const { phone, code, canRegister } = answer
      const requester = toRequester(answer)
      const checks = new Map(keyring.all.map((secret) => [secret.id, computeCheck(secret, phone, requester.purpose, code)]))
      const outcome = await otpStore.verify(requester, { checks, canRegister }, clock.now())
      if (outcome.kind !== 'right') return outcome
      const secret = keyring.find(outcome.secretId)
      const content = secret === undefined ? undefined : unseal(secret, outcome.challengeId, outcome.sealed)
      // A record that nobody can read is as none.
      if (content === undefined) return { kind: 'wrong' }
      const { name, language, isTest } = content
      const { challengeId, sendAttempt } = outcome
      return { kind: 'right', challengeId, sendAttempt, name: outcome.isNameDisputed ? undefined : name, ...(language === undefined ? {} : { language }), isTest: isTest === true }
    },

    async open (challengeId) {
      const challenge = await otpStore.find(challengeId, clock.now())
      const secret = challenge === undefined ? undefined : keyring.find(challenge.secretId)
      if (challenge === undefined || secret === undefined) return undefined
      const content = unseal(secret, challengeId, challenge.sealed)
      if (content === undefined || content.isTest === true) return undefined
      const { phone, length } = content
      const { purpose } = parseChallengeId(challengeId)
      return { phone, code: deriveCode(secret, { id: challengeId, phone, purpose }, length), expiresAt: challenge.expiresAt }
    },

    resendAt: async (challengeId, { isTest }) => await otpStore.resendAt(challengeId, isTest ? rulesOfTests : rules, clock.now()),
    freeResend: async (challengeId, sendAttempt) => { await otpStore.freeResend({ challengeId, sendAttempt }, clock.now()) },
    revoke: async (phone) => { await otpStore.revoke(toRequester({ phone }), { endsCooldown: true }) },
    revokeChange: async (userId, phone) => { await otpStore.revoke(toRequester({ phone, purpose: toChangePurpose(userId) }), { endsCooldown: false }) },
    sealPhone (context, phone) {
      const { current } = keyring
      return { secretId: current.id, sealed: sealText(current.key('phone seal'), context, phone) }
    },
    openPhone (context, { secretId, sealed }) {
      const secret = keyring.find(secretId)
      return secret === undefined ? undefined : unsealText(secret.key('phone seal'), context, sealed)
    },
    unlock: async (phone) => { await otpStore.unlock(secrets.hashPhone(phone)) }
  })
}, { name: 'otp', dependencies: ['otp-store', 'secrets'], fastify: '5.x' })
