import { randomUUID, type KeyObject } from 'node:crypto'
import { authenticate, authenticateText, type Secret } from './keyring.ts'
import type { E164 } from './phone.ts'
import { sealText, unsealText } from './seal.ts'

/**
 * The purpose of a code: a login, or the change of one user's account to the number. A code is valid for its purpose only,
 * so a change is bound to its user.
 */
export type Purpose = 'login' | `change-${number}`

/** The purpose of a change of number by one user. */
export const toChangePurpose = (userId: number): Purpose => `change-${userId}`

/** The key of a stored challenge. */
export interface ChallengeKey {
  /** Keyed hash of the number. */
  tag: string
  purpose: Purpose
}

/** The id of a new challenge, `<tag>.<purpose>.<UUID>`: it begins with the key, so the id alone finds the challenge. */
export function createChallengeId ({ tag, purpose }: ChallengeKey): string {
  return `${tag}.${purpose}.${randomUUID()}`
}

/** The key that a challenge is stored under; the tag is empty for text that is no id. */
export function parseChallengeId (challengeId: string): ChallengeKey {
  const [tag = '', purpose = ''] = challengeId.split('.')
  return { tag, purpose: purpose as Purpose }
}

/** The part of a challenge that only the service can read. */
export interface SealedContent {
  phone: E164
  name?: string
  /** Digits of its code; the configured length may change while the challenge lives. */
  length: number
  /** Language of the SMS, which becomes that of the account after a right answer. */
  language?: string
  /** The code is the fixed one of a test number; no SMS carries it. */
  isTest?: true
}

/** Each draw takes six bytes: 2^48 is so far above 10^10 that a second draw is rare. */
const drawBytes = 6
const drawRange = 2 ** (8 * drawBytes)

/** The code of a challenge: the same for every resend, and stored nowhere. Every code of the length is equally likely. */
export function deriveCode (secret: Secret, challenge: { id: string, phone: E164, purpose: Purpose }, length: number): string {
  const codes = 10 ** length
  // The remainder of a draw above this would favour low codes, so such draws are discarded.
  const fair = drawRange - (drawRange % codes)
  const next = createDraws(secret, challenge)
  let draw = next()
  while (draw >= fair) draw = next()
  return String(draw % codes).padStart(length, '0')
}

/** A generator of numbers below 2^48, the same for the same challenge. */
function createDraws (secret: Secret, { id, phone, purpose }: { id: string, phone: E164, purpose: Purpose }): () => number {
  let round = 0
  let bytes: Buffer = Buffer.alloc(0)
  return () => {
    if (bytes.length < drawBytes) bytes = authenticate(secret.key('otp code'), [id, phone, purpose, String(round++)])
    const draw = bytes.readUIntBE(0, drawBytes)
    bytes = bytes.subarray(drawBytes)
    return draw
  }
}

/** The stored check of a code. It reveals nothing about the code without the secret. */
export function computeCheck (secret: Secret, { phone, purpose, code }: { phone: E164, purpose: Purpose, code: string }): string {
  return authenticateText(secret.key('otp check'), [phone, purpose, code])
}

/** A keyed hash that tells two names apart; the empty text for no name. The key must never be rotated. */
export function computeNameTag (key: KeyObject, phone: E164, name: string | undefined): string {
  return name === undefined ? '' : authenticateText(key, ['challenge name', phone, name]).slice(0, 22)
}

/** Encrypts the content, bound to the challenge: it does not open with another one. */
export function seal (secret: Secret, challengeId: string, content: SealedContent): string {
  return sealText(secret.key('challenge seal'), challengeId, JSON.stringify(content))
}

/** Decrypts a content that `seal` encrypted; `undefined` for any other text. */
export function unseal (secret: Secret, challengeId: string, sealed: string): SealedContent | undefined {
  const text = unsealText(secret.key('challenge seal'), challengeId, sealed)
  return text === undefined ? undefined : JSON.parse(text) as SealedContent
}
