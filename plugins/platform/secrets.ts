import { createSecretKey, type KeyObject } from 'node:crypto'
import fp from 'fastify-plugin'
import { memoize } from '../../src/domain/memoize.ts'
import { authenticateText, type Keyring } from '../../src/domain/auth/keyring.ts'
import type { E164 } from '../../src/domain/auth/phone.ts'
import { readGeneratedSecret, readKeyring } from '../../src/process/app-secrets.ts'

export interface Secrets {
  /** The secrets of APP_SECRET: the first one signs, all verify. */
  keyring: Keyring
  /** PHONE_HASH_SECRET, never rotated. */
  phoneHashKey: KeyObject
  /** Returns the keyed hash of a number, 22 characters, which replaces the number in keys, limits and logs. */
  hashPhone (phone: E164): string
}

declare module 'fastify' {
  interface FastifyInstance { secrets: Secrets }
}

/** Reads the secrets from the environment, or generates them once in DATA_DIR. */
export default fp(async (fastify) => {
  const { process: { dataDir }, auth } = fastify.config
  const phoneHashKey = createSecretKey(auth.phoneHashSecret ?? await readGeneratedSecret(dataDir, 'phone-hash-secret'), 'utf8')
  fastify.decorate('secrets', {
    keyring: await readKeyring(fastify.config),
    phoneHashKey,
    hashPhone: memoize((phone) => authenticateText(phoneHashKey, ['phone', phone]).slice(0, 22))
  })
}, { name: 'secrets', fastify: '5.x' })
