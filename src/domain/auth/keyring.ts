import { createSecretKey, hash, hkdfSync, type KeyObject } from 'node:crypto'
import { hashInner } from './hmac.ts'

/** Each use of a secret has its own subkey, so a value of one use is not valid for another. */
export type KeyUse = 'otp code' | 'otp check' | 'challenge seal' | 'phone seal' | 'signing key seal' | 'image url'

export interface Secret {
  /** Identifies the secret without revealing it. It is stored beside the values that the secret signed or sealed. */
  readonly id: string
  /** 32-byte subkey for one use. */
  key (use: KeyUse): KeyObject
}

export interface Keyring {
  /** Signs and seals new values. */
  readonly current: Secret
  /** All secrets, the current one first. Each verifies its own values. */
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

/** HMAC-SHA-256 over parts. Each part is preceded by its length, so different lists of parts are different inputs. */
export function authenticate (key: KeyObject, parts: readonly string[]): Buffer {
  return hash('sha256', hashInner(key, parts), 'buffer')
}

/** `authenticate` as 43 characters of base64url. */
export function authenticateText (key: KeyObject, parts: readonly string[]): string {
  return hash('sha256', hashInner(key, parts), 'base64url')
}
