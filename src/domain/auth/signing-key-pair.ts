import { createPrivateKey, generateKeyPairSync, hash, type KeyObject } from 'node:crypto'
import type { Keyring, Secret } from './keyring.ts'
import { sealText, unsealText } from './seal.ts'
import type { Algorithm, StoredKey } from './signing-keys.ts'

const use = 'signing key seal'

const generate: Readonly<Record<Algorithm, () => { publicKey: KeyObject, privateKey: KeyObject }>> = {
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: () => generateKeyPairSync('ed25519')
}

/** Generates a key pair and seals its private part under a secret. `createdAt` and `signsFrom` are milliseconds since the epoch. */
export function createSigningKey (
  { algorithm, secret, createdAt, signsFrom }: { algorithm: Algorithm, secret: Secret, createdAt: number, signsFrom: number }
): StoredKey {
  const { publicKey, privateKey } = generate[algorithm]()
  const jwk = exportPublic(publicKey)
  const id = thumbprint(jwk)
  return { id, algorithm, publicKey: { ...jwk }, createdAt, signsFrom, ...seal(id, privateKey, secret) }
}

const exportPublic = (key: KeyObject) => key.export({ format: 'jwk' })

/** SHA-256 of the required members of a public key in the order of their names (RFC 7638, §3). */
function thumbprint ({ crv, kty, x, y }: ReturnType<typeof exportPublic>): string {
  return hash('sha256', JSON.stringify(y === undefined ? { crv, kty, x } : { crv, kty, x, y }), 'base64url')
}

function seal (id: string, privateKey: KeyObject, secret: Secret): Pick<StoredKey, 'secretId' | 'sealedKey'> {
  const text = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
  return { secretId: secret.id, sealedKey: sealText(secret.key(use), id, text) }
}

/** Returns the private part of a key; `undefined` if no secret of the keyring opens it. */
export function openSigningKey ({ id, secretId, sealedKey }: StoredKey, keyring: Keyring): KeyObject | undefined {
  const secret = keyring.find(secretId)
  const text = secret === undefined ? undefined : unsealText(secret.key(use), id, sealedKey)
  return text === undefined ? undefined : createPrivateKey(text)
}

/** Seals a key under the current secret. Returns `undefined` if it is sealed so already, or if no secret opens it. */
export function resealSigningKey (key: StoredKey, keyring: Keyring): Pick<StoredKey, 'id' | 'secretId' | 'sealedKey'> | undefined {
  if (key.secretId === keyring.current.id) return undefined
  const privateKey = openSigningKey(key, keyring)
  return privateKey === undefined ? undefined : { id: key.id, ...seal(key.id, privateKey, keyring.current) }
}
