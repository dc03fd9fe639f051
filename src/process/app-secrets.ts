import { randomBytes, randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Config } from '../config/index.ts'
import { createKeyring, type Keyring } from '../domain/auth/keyring.ts'

/** Returns the secrets of APP_SECRET, or the one that is generated in DATA_DIR. */
export async function readKeyring ({ auth: { appSecrets }, process: { dataDir } }: Pick<Config, 'auth' | 'process'>): Promise<Keyring> {
  return createKeyring(appSecrets.length > 0 ? appSecrets : [await readGeneratedSecret(dataDir, 'app-secret')])
}

/** Reads a secret from its file in DATA_DIR, and generates it before if there is none. */
export async function readGeneratedSecret (dataDir: string, name: string): Promise<string> {
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
