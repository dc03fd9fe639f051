import fp from 'fastify-plugin'
import type { Candidate, IssueOutcome } from '../../src/domain/auth/challenge.ts'
import {
  computeCheck, computeNameTag, createChallengeId, deriveCode, parseChallengeId, seal, toChangePurpose, unseal, type Purpose
} from '../../src/domain/auth/otp.ts'
import { listSpellings } from '../../src/domain/auth/earlier-spellings.ts'
import type { E164 } from '../../src/domain/auth/phone.ts'
import { sealText, unsealText } from '../../src/domain/auth/seal.ts'
import type { RequestedChannel } from '../../src/domain/sms/delivery.ts'
import type { Requester } from './otp-store/contract.ts'

/** The number that a code belongs to, the purpose of the code, and the device that makes the request. */
export interface CodeOwner {
  phone: E164
  /** Default: `login`. */
  purpose?: Purpose
  /** Tag of a device that the owner of the number signed in with before. */
  device?: string | undefined
}

export interface CodeRequest extends CodeOwner {
  /** Name of the account that the code may create. */
  name?: string | undefined
  /** Language of the SMS. */
  language?: string | undefined
  /** Default: `sms`. */
  channel?: RequestedChannel | undefined
  /** Hash of the Android app that reads the SMS. */
  appHash?: string | undefined
  /** The code of a test number: no SMS carries it, and the limits and cooldowns of SMS do not apply. */
  fixedCode?: string | undefined
}

export interface CodeAnswer extends CodeOwner {
  code: string
  /** A right code may register the number; if not, it is kept. */
  canRegister: boolean
}

/** The outcome of a request other than a dry run. */
export type Issued = Exclude<IssueOutcome, { kind: 'dry_run' }>

/** A code that was right and is now used up. */
export interface VerifiedCode {
  kind: 'right'
  challengeId: string
  /** Which SMS of the challenge was the latest one. */
  sendAttempt: number
  /** The name that all sends gave; `undefined` if they gave none or different ones. */
  name: string | undefined
  /** Language of the first SMS. */
  language?: string
  /** The fixed code of a test number. */
  isTest: boolean
}

export type CodeVerdict =
  | VerifiedCode
  | { kind: 'wrong' }
  | { kind: 'used' }
  | { kind: 'name_required' }
  | { kind: 'locked', retryAt: number }

/** The contents of an SMS, derived from the challenge whenever it is needed. */
export interface CodeToSend {
  phone: E164
  code: string
  expiresAt: number
  /** Language of the first SMS. */
  language?: string
}

/** Creates and verifies one-time codes. Asynchronous methods reject with `UnavailableError` when the store cannot be reached. */
export interface Otp {
  /** Starts or repeats the challenge of a number; `kind: 'sent'` means that the caller must send an SMS. */
  request (request: CodeRequest): Promise<Issued>
  /** Returns the outcome that `request` would have, without sending; `dry_run` means that an SMS would be due. */
  dryRun (request: CodeRequest): Promise<IssueOutcome>
  verify (answer: CodeAnswer): Promise<CodeVerdict>
  /** Returns the code of a challenge; `undefined` once it is used or expired. */
  open (challengeId: string): Promise<CodeToSend | undefined>
  /** Ends the resend cooldown after an SMS that failed for good, if it is the latest one of a live challenge. Idempotent. */
  freeResend (challengeId: string, sendAttempt: number): Promise<void>
  /** Ends the live login codes of a number in all its spellings, and the resend cooldown. */
  revoke (phone: E164): Promise<void>
  /** Ends the code for a user's change to a number. The cooldown stays, since the number may belong to a stranger. */
  revokeChange (userId: number, phone: E164): Promise<void>
  /** Encrypts a number for tables and queues; it opens only with the same context. */
  sealPhone (context: string, phone: E164): SealedPhone
  /** Decrypts a number; `undefined` once the secret that sealed it is no longer in force. */
  openPhone (context: string, sealed: SealedPhone): E164 | undefined
  /** Resets the failures of a closed number, in all its spellings. */
  unlock (phone: E164): Promise<void>
}

export interface SealedPhone {
  secretId: string
  sealed: string
}

declare module 'fastify' {
  interface FastifyInstance { otp: Otp }
}

/** Derives, seals and checks codes. `otpStore` stores the challenges and sees neither codes nor numbers. */
export default fp(async (fastify) => {
  const { otpStore, secrets, ruleClock: clock, config } = fastify
  const { keyring } = secrets
  const rules = {
    ttlMs: config.auth.otpTtlSeconds * 1000,
    resendMs: config.auth.otpResendSeconds * 1000,
    sendsPerHour: config.limits.sends_per_phone_hour,
    sendsPerDay: config.limits.sends_per_phone_day,
    secretIds: keyring.all.map((secret) => secret.id)
  }
  const testRules = { ...rules, resendMs: 0, sendsPerHour: 0, sendsPerDay: 0 }
  const toRequester = ({ phone, purpose = 'login', device }: CodeOwner): Requester => ({ tag: secrets.hashPhone(phone), purpose, device })

  function createCandidate ({ tag, purpose }: Requester, { phone, name, language, fixedCode }: CodeRequest): Candidate {
    const secret = keyring.current
    const id = createChallengeId({ tag, purpose })
    const length = fixedCode?.length ?? config.auth.otpLength
    const code = fixedCode ?? deriveCode(secret, { id, phone, purpose }, length)
    const content = {
      phone,
      length,
      ...(name === undefined ? {} : { name }),
      ...(language === undefined ? {} : { language }),
      ...(fixedCode === undefined ? {} : { isTest: true as const })
    }
    return {
      id,
      secretId: secret.id,
      sealed: seal(secret, id, content),
      check: computeCheck(secret, { phone, purpose, code }),
      nameTag: computeNameTag(secrets.phoneHashKey, phone, name)
    }
  }

  async function issue (request: CodeRequest, { dryRun }: { dryRun: boolean }): Promise<IssueOutcome> {
    const requester = toRequester(request)
    const candidate = createCandidate(requester, request)
    const applied = request.fixedCode === undefined ? { ...rules, dryRun } : testRules
    return await otpStore.issue(requester, { candidate, rules: applied, now: clock.now() })
  }

  fastify.decorate('otp', {
    // Only a dry run has the outcome `dry_run`.
    request: async (request) => await issue(request, { dryRun: false }) as Issued,
    dryRun: async (request) => await issue(request, { dryRun: true }),

    async verify (answer) {
      const { phone, code, canRegister } = answer
      const requester = toRequester(answer)
      const checks = new Map(keyring.all.map((secret) => [secret.id, computeCheck(secret, { phone, purpose: requester.purpose, code })]))
      const outcome = await otpStore.verify(requester, { checks, canRegister }, clock.now())
      if (outcome.kind !== 'right') return outcome
      const secret = keyring.find(outcome.secretId)
      const content = secret === undefined ? undefined : unseal(secret, outcome.challengeId, outcome.sealed)
      // A record whose secret is no longer in force counts as absent.
      if (content === undefined) return { kind: 'wrong' }
      const { name, language, isTest } = content
      const { challengeId, sendAttempt } = outcome
      const agreedName = outcome.isNameDisputed ? undefined : name
      return {
        kind: 'right', challengeId, sendAttempt, name: agreedName, ...(language === undefined ? {} : { language }), isTest: isTest === true
      }
    },

    async open (challengeId) {
      const challenge = await otpStore.find(challengeId, clock.now())
      const secret = challenge === undefined ? undefined : keyring.find(challenge.secretId)
      if (challenge === undefined || secret === undefined) return undefined
      const content = unseal(secret, challengeId, challenge.sealed)
      if (content === undefined || content.isTest === true) return undefined
      const { phone, length, language } = content
      const { purpose } = parseChallengeId(challengeId)
      const code = deriveCode(secret, { id: challengeId, phone, purpose }, length)
      return { phone, code, expiresAt: challenge.expiresAt, ...(language === undefined ? {} : { language }) }
    },

    freeResend: async (challengeId, sendAttempt) => { await otpStore.freeResend({ challengeId, sendAttempt }, clock.now()) },
    async revoke (phone) {
      await forEachSpelling(phone, async (spelling) => { await otpStore.revoke(toRequester({ phone: spelling }), { endsCooldown: true }) })
    },
    async revokeChange (userId, phone) {
      await otpStore.revoke(toRequester({ phone, purpose: toChangePurpose(userId) }), { endsCooldown: false })
    },
    sealPhone (context, phone) {
      const { current } = keyring
      return { secretId: current.id, sealed: sealText(current.key('phone seal'), context, phone) }
    },
    openPhone (context, { secretId, sealed }) {
      const secret = keyring.find(secretId)
      return secret === undefined ? undefined : unsealText(secret.key('phone seal'), context, sealed)
    },
    unlock: async (phone) => { await forEachSpelling(phone, async (spelling) => { await otpStore.unlock(secrets.hashPhone(spelling)) }) }
  })
}, { name: 'otp', dependencies: ['otp-store', 'secrets'], fastify: '5.x' })

/** Processes of an earlier release store challenges and counts under the spelling that they were given. */
async function forEachSpelling (phone: E164, work: (spelling: E164) => Promise<void>): Promise<void> {
  await Promise.all(listSpellings(phone).map(work))
}
