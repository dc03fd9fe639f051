import fp from 'fastify-plugin'
import type { IssueOutcome } from '../src/domain/challenge.ts'
import { checkOfCode, createChallengeId, deriveCode, placeOfChallenge, seal, tagOfName, unseal, type ChallengePlace, type Purpose } from '../src/domain/otp.ts'
import type { E164 } from '../src/domain/phone.ts'

const purpose: Purpose = 'login'

export interface CodeRequest {
  phone: E164
  /** For the account that the code may create. */
  name: string | undefined
}

export interface CodeAnswer {
  phone: E164
  code: string
  /** The number has an account, or a name came with the code. */
  canRegister: boolean
}

export type CodeVerdict =
  /** The code was right and is used up; `name` is what the sends agreed on, if they did. */
  | { kind: 'right', name: string | undefined }
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
  unlock (phone: E164): Promise<void>
}

declare module 'fastify' {
  interface FastifyInstance { otp: Otp }
}

/** Offers `otp`: derives, seals and checks codes around `otpStore`, which sees neither codes nor numbers. */
export default fp(async (fastify) => {
  const { otpStore, secrets, clock, config } = fastify
  const { keyring } = secrets
  const length = config.OTP_LENGTH
  const rules = { ttlMs: config.OTP_TTL_SECONDS * 1000, resendMs: config.OTP_RESEND_SECONDS * 1000 }
  const placeOf = (phone: E164): ChallengePlace => ({ tag: secrets.hashPhone(phone), purpose })

  fastify.decorate('otp', {
    async request ({ phone, name }) {
      const place = placeOf(phone)
      const secret = keyring.current
      const id = createChallengeId(place)
      const code = deriveCode(secret, { id, phone, purpose }, length)
      const candidate = {
        id,
        secretId: secret.id,
        sealed: seal(secret, id, { phone, length, ...(name === undefined ? {} : { name }) }),
        check: checkOfCode(secret, phone, purpose, code),
        nameTag: tagOfName(secrets.phoneHashSecret, phone, name)
      }
      return await otpStore.issue(place, candidate, rules, clock.now())
    },

    async verify ({ phone, code, canRegister }) {
      const checks = new Map(keyring.all.map((secret) => [secret.id, checkOfCode(secret, phone, purpose, code)]))
      const outcome = await otpStore.verify(placeOf(phone), { checks, canRegister }, clock.now())
      if (outcome.kind !== 'right') return outcome
      const secret = keyring.find(outcome.secretId)
      const name = secret === undefined || outcome.isNameDisputed ? undefined : unseal(secret, outcome.challengeId, outcome.sealed)?.name
      return { kind: 'right', name }
    },

    async open (challengeId) {
      const challenge = await otpStore.find(challengeId, clock.now())
      const secret = challenge === undefined ? undefined : keyring.find(challenge.secretId)
      if (challenge === undefined || secret === undefined) return undefined
      const content = unseal(secret, challengeId, challenge.sealed)
      if (content === undefined) return undefined
      const { phone, length } = content
      const place = placeOfChallenge(challengeId)
      const code = deriveCode(secret, { id: challengeId, phone, purpose: place.purpose }, length)
      return { phone, code, expiresAt: challenge.expiresAt }
    },

    unlock: async (phone) => { await otpStore.unlock(placeOf(phone)) }
  })
}, { name: 'otp', dependencies: ['otp-store', 'secrets'], fastify: '5.x' })
