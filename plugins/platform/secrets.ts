import { createSecretKey, randomBytes, randomUUID, type KeyObject } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import fp from 'fastify-plugin'
import { memoize } from '../../src/domain/memoize.ts'
import { authenticateText, createKeyring, type Keyring } from '../../src/domain/auth/keyring.ts'
import type { E164 } from '../../src/domain/auth/phone.ts'

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
  const appSecrets = auth.appSecrets.length > 0 ? auth.appSecrets : [await generatedIn(dataDir, 'app-secret')]
  const phoneHashKey = createSecretKey(auth.phoneHashSecret ?? await generatedIn(dataDir, 'phone-hash-secret'), 'utf8')
  fastify.decorate('secrets', {
    keyring: createKeyring(appSecrets),
    phoneHashKey,
    hashPhone: memoize((phone) => authenticateText(phoneHashKey, ['phone', phone]).slice(0, 22))
  })
}, { name: 'secrets', fastify: '5.x' })

async function generatedIn (dataDir: string, name: string): Promise<string> {
  const file = path.join(dataDir, name)
  await mkdir(dataDir, { recursive: true })
  // The file is written under a temporary name, then linked. A link never replaces a file, so concurrent first starts
  // all read the same secret.
  const draft = `${file}.${randomUUID()}`
  await writeFile(draft, randomBytes(32).toString('base64url'), { flag: 'wx', mode: 0o600 })
  // The link fails if the secret exists already; any other failure is detected by the read below.
  await link(draft, file).catch(() => {})
  await rm(draft)
  const secret = (await readFile(file, 'utf8')).trim()
  if (secret.length < 32) throw new Error(`${file} holds no secret`)
  return secret
}
