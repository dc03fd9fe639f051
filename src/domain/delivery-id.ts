import { authenticate } from './keyring.ts'

/** 132 bits: whoever has the id may ask for the delivery, so it is not to be guessed. */
const idLength = 22

/** As `deliveryIdOf` makes it. */
export const deliveryIdPattern = `^[A-Za-z0-9_-]{${idLength}}$`

/**
 * The delivery of a challenge's n-th SMS: the same for everyone who makes it, and of no meaning to others. The key is
 * one that is never rotated.
 */
export function deliveryIdOf (key: string, challengeId: string, send: number): string {
  return authenticate(key, ['delivery', challengeId, String(send)]).toString('base64url').slice(0, idLength)
}
