import { hash, timingSafeEqual } from 'node:crypto'

/** Name and secret of the Authorization header of a client. */
export interface ClientCredentials {
  name: string
  /** The secret as it was sent and, if they differ, in decoded form. */
  secrets: readonly string[]
}

const basicCredentials = /^[Bb][Aa][Ss][Ii][Cc] +([\w+/-]+=*)$/

/**
 * Reads Basic credentials; `undefined` if the header has none. OAuth encodes name and secret like a form (RFC 6749, §2.3.1). Many
 * clients do not, so both readings of the secret are returned. Names have no characters that need the encoding.
 */
export function readBasicCredentials (header: string): ClientCredentials | undefined {
  const encoded = basicCredentials.exec(header)?.[1]
  if (encoded === undefined) return undefined
  const text = Buffer.from(encoded, 'base64').toString()
  const colon = text.indexOf(':')
  if (colon < 0) return undefined
  const secret = text.slice(colon + 1)
  const decoded = decodeForm(secret)
  return { name: decodeForm(text.slice(0, colon)), secrets: decoded === secret ? [secret] : [secret, decoded] }
}

/** Decodes a value of a form (URL Standard, §5.1). A text with a malformed escape stays as it is. */
function decodeForm (text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

/** Compares secrets in a time that depends on neither of them. */
export function isSameSecret (given: string, expected: string): boolean {
  return timingSafeEqual(hash('sha256', given, 'buffer'), hash('sha256', expected, 'buffer'))
}
