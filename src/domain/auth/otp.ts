import { randomUUID, type KeyObject } from 'node:crypto'
import { authenticate, authenticateText, type Secret } from './keyring.ts'
import type { E164 } from './phone.ts'
import { sealText, unsealText } from './seal.ts'

/**
 * What a code is good for: signing in, or moving one user's account to the number. Codes of different purposes never
 * open each other's doors, and a change is bound to its user.
 */
export type Purpose = 'login' | `change-${number}`

/** The purpose of moving one user's account. */
export const toChangePurpose = (userId: number): Purpose => `change-${userId}`

/** Where a challenge is kept: under the keyed hash of its number, and its purpose. */
export interface ChallengeKey {
  /** Keyed hash of the number. */
  tag: string
  purpose: Purpose
}

/** A new challenge's id. It begins with its key, so that the id alone finds it. */
export function createChallengeId ({ tag, purpose }: ChallengeKey): string {
  return `${tag}.${purpose}.${randomUUID()}`
}

export function parseChallengeId (challengeId: string): ChallengeKey {
  const [tag = '', purpose = ''] = challengeId.split('.')
  return { tag, purpose: purpose as Purpose }
}

/** The part of a challenge that only the service can read. */
export interface SealedContent {
  phone: E164
  name?: string
  /** Digits of its code; the configured length may change meanwhile. */
  length: number
  /** Of its SMS, to be the account's once the code was right. */
  language?: string
  /** Its code is the fixed one of a test number, and no SMS carries it. */
  isTest?: true
}

/** Six bytes at a time: 2^48 is so far above 10^10 that a redraw is rare. */
const drawBytes = 6
const drawRange = 2 ** (8 * drawBytes)

/** The code of a challenge: the same for every resend, and kept nowhere. Every code of the length is equally likely. */
export function deriveCode (secret: Secret, challenge: { id: string, phone: E164, purpose: Purpose }, length: number): string {
  const codes = 10 ** length
  // Above this a remainder would favour low codes, so such draws are thrown away.
  const fair = drawRange - (drawRange % codes)
  const next = createDraws(secret, challenge)
  let draw = next()
  while (draw >= fair) draw = next()
  return String(draw % codes).padStart(length, '0')
}

/** Numbers below 2^48, as many as are asked for, the same for the same challenge. */
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

/** What is stored to check a code; without the secret it says nothing about the code. */
export function computeCheck (secret: Secret, phone: E164, purpose: Purpose, code: string): string {
  return authenticateText(secret.key('otp check'), [phone, purpose, code])
}

/** Tells two names apart without telling them; of no name it is the empty text. The key is one that is never rotated. */
export function computeNameTag (key: KeyObject, phone: E164, name: string | undefined): string {
  return name === undefined ? '' : authenticateText(key, ['challenge name', phone, name]).slice(0, 22)
}

/** Bound to the challenge, so that a sealed text moved to another does not open. */
export function seal (secret: Secret, challengeId: string, content: SealedContent): string {
  return sealText(secret.key('challenge seal'), challengeId, JSON.stringify(content))
}

/** Opens what `seal` made; `undefined` for anything else. */
export function unseal (secret: Secret, challengeId: string, sealed: string): SealedContent | undefined {
  const text = unsealText(secret.key('challenge seal'), challengeId, sealed)
  return text === undefined ? undefined : JSON.parse(text) as SealedContent
}
