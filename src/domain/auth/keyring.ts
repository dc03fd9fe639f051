import { createHmac, createSecretKey, hkdfSync, type Hmac, type KeyObject } from 'node:crypto'

/** Each use of a secret has a subkey of its own, so that nothing made for one use is good for another. */
export type KeyUse = 'otp code' | 'otp check' | 'challenge seal' | 'phone seal' | 'image url'

export interface Secret {
  /** Names the secret without telling it; stored beside what the secret made. */
  readonly id: string
  /** 32-byte subkey for one use. */
  key (use: KeyUse): KeyObject
}

export interface Keyring {
  /** Makes everything new. */
  readonly current: Secret
  /** The current one first; each still checks what it made. */
  readonly all: readonly Secret[]
  find (id: string): Secret | undefined
}

export function createKeyring (secrets: readonly string[]): Keyring {
  const all = secrets.map(createSecret)
  const current = all[0]
  if (current === undefined) throw new TypeError('a keyring needs at least one secret')
  return { current, all, find: (id) => all.find((secret) => secret.id === id) }
}

function createSecret (secret: string): Secret {
  const derive = (label: string) => Buffer.from(hkdfSync('sha256', secret, '', `cheershare ${label}`, 32))
  const keys = new Map<KeyUse, KeyObject>()
  return {
    id: derive('id').toString('base64url').slice(0, 8),
    key (use) {
      const key = keys.get(use) ?? createSecretKey(derive(use))
      keys.set(use, key)
      return key
    }
  }
}

/** HMAC-SHA-256 over parts, each with its length before it, so that no two lists of parts are the same input. */
export function authenticate (key: KeyObject, parts: readonly string[]): Buffer {
  return createMac(key, parts).digest()
}

/** The same as 43 characters of base64url. */
export function authenticateText (key: KeyObject, parts: readonly string[]): string {
  return createMac(key, parts).digest('base64url')
}

function createMac (key: KeyObject, parts: readonly string[]): Hmac {
  const input = Buffer.allocUnsafe(parts.reduce((sum, part) => sum + 4 + Buffer.byteLength(part), 0))
  let place = 0
  for (const part of parts) {
    const length = input.write(part, place + 4)
    place = input.writeUInt32BE(length, place) + length
  }
  return createHmac('sha256', key).update(input)
}
