import { hash } from 'node:crypto'
import { takeRandomBytes } from './random.ts'

/** The scope of session tokens, stored beside the hash. */
export const authenticationScope = 'authentication'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const tokenBytes = 16

const tokenText = '[A-Z2-7]{26}'
/** 26 characters of base32 (RFC 4648 §6, unpadded): 16 random bytes. */
export const tokenPattern = new RegExp(`^${tokenText}$`)
const bearerCredentials = new RegExp(`^[Bb][Ee][Aa][Rr][Ee][Rr] +(${tokenText})$`)

const jwtText = '[\\w-]{2,1000}\\.[\\w-]{2,7000}\\.[\\w-]{2,200}'
/** Three parts of base64url (RFC 7515, §7.1). The length bounds the work of parsing: a JWT of the service with large claims has 2 KiB. */
export const jwtPattern = new RegExp(`^${jwtText}$`)
const bearerJwt = new RegExp(`^[Bb][Ee][Aa][Rr][Ee][Rr] +(${jwtText})$`)

/** Returns the JWT of an Authorization header, or `undefined` if the header has none. */
export function readBearerJwt (header: string): string | undefined {
  return bearerJwt.exec(header)?.[1]
}

export interface NewToken {
  /** Sent to the client and stored nowhere. */
  plaintext: string
  /** SHA-256 of the plaintext, which is stored in its place. */
  hash: Buffer
}

export function createToken (random: (size: number) => Buffer = takeRandomBytes): NewToken {
  const plaintext = encodeBase32(random(tokenBytes))
  return { plaintext, hash: hashToken(plaintext) }
}

/**
 * Returns the token of an Authorization header, or `undefined` if the header has none. The scheme may be in any case (RFC 9110,
 * §11.1), and one or more spaces follow it (§11.4). Node has removed the spaces and tabs around the value.
 */
export function readBearerToken (header: string): string | undefined {
  return bearerCredentials.exec(header)?.[1]
}

export function hashToken (plaintext: string): Buffer {
  return hash('sha256', plaintext, 'buffer')
}

/** `hashToken` in hex, without a buffer in between. */
export function hexHashToken (plaintext: string): string {
  return hash('sha256', plaintext, 'hex')
}

function encodeBase32 (bytes: Buffer): string {
  let text = ''
  let bits = 0
  let pending = 0
  for (const byte of bytes) {
    pending = (pending << 8) | byte
    for (bits += 8; bits >= 5; bits -= 5) text += alphabet.charAt((pending >>> (bits - 5)) & 31)
    pending &= (1 << bits) - 1
  }
  return bits === 0 ? text : text + alphabet.charAt((pending << (5 - bits)) & 31)
}
