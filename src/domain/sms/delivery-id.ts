import type { KeyObject } from 'node:crypto'
import { authenticateText } from '../auth/keyring.ts'

/** 132 bits. The id is the only credential for reading a delivery, so it must not be guessable. */
const idLength = 22

/** Matches the ids of `deliveryIdOf`. */
export const deliveryIdPattern = `^[A-Za-z0-9_-]{${idLength}}$`

/**
 * Derives the id of a challenge's n-th SMS (`send`, from 1). Every process with the key derives the same id. The key must
 * not be rotated.
 */
export function deliveryIdOf (key: KeyObject, challengeId: string, send: number): string {
  return authenticateText(key, ['delivery', challengeId, String(send)]).slice(0, idLength)
}
