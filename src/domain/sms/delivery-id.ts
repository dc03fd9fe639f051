import type { KeyObject } from 'node:crypto'
import { authenticateText } from '../auth/keyring.ts'

/** 132 bits: whoever has the id may ask for the delivery, so it is not to be guessed. */
const idLength = 22

/** As `deliveryIdOf` makes it. */
export const deliveryIdPattern = `^[A-Za-z0-9_-]{${idLength}}$`

/**
 * The delivery of a challenge's n-th SMS: the same for everyone who makes it, and of no meaning to others. The key is
 * one that is never rotated.
 */
export function deliveryIdOf (key: KeyObject, challengeId: string, send: number): string {
  return authenticateText(key, ['delivery', challengeId, String(send)]).slice(0, idLength)
}
