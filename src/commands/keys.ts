import { parseArgs } from 'node:util'
import { sql, type Kysely } from 'kysely'
import type { Database } from '../../db/schema.ts'
import { changeKeys, listKeys } from '../../db/signing-keys.ts'
import { loadConfig } from '../config/index.ts'
import { createSigningKey } from '../domain/auth/signing-key-pair.ts'
import { planRotation, planWithdrawal, sortKeys, type StoredKey } from '../domain/auth/signing-keys.ts'
import { toKeySet } from '../http/server-metadata.ts'
import { readKeyring } from '../process/app-secrets.ts'
import { commandLine } from '../process/package-info.ts'
import { withDatabase } from './database.ts'

/**
 * Lists, rotates and prints the keys of JWTs: `npm run keys`, `keys -- rotate`, `keys -- rotate --now`, `keys -- public`. It needs
 * the database and APP_SECRET of the service. It works while no instance can start because a secret is missing.
 */
const usage = `Usage: ${commandLine('keys', '[list | public | rotate [--now]]')}\n`
const { positionals: [action = 'list'], values: { now: isNow } } = parseArgs({ options: { now: { type: 'boolean', default: false } }, allowPositionals: true })

const isKnown = ['list', 'public', 'rotate'].includes(action) && (action === 'rotate' || !isNow)

if (!isKnown) {
  process.stderr.write(usage)
  process.exitCode = 1
} else {
  await withDatabase(process.env, async ({ db }) => {
    const now = await readTime(db)
    if (action === 'rotate') await rotate(db, now)
    const keys = await listKeys(db)
    process.stdout.write(action === 'public' ? `${JSON.stringify(toKeySet(sortKeys(keys, now)), null, 2)}\n` : describe(keys, now))
  })
}

/** The keys go by the clock of the database, as in the service. */
async function readTime (db: Kysely<Database>): Promise<number> {
  const { rows: [row] } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(db)
  return Number(row?.now)
}

async function rotate (db: Kysely<Database>, now: number): Promise<void> {
  // Of the settings of the service, the keys depend on these only.
  const { APP_SECRET, DATA_DIR, JWT_ALGORITHM, JWT_KEY_DAYS } = process.env
  const config = loadConfig({ APP_SECRET, DATA_DIR, JWT_ALGORITHM, JWT_KEY_DAYS })
  const { current: secret } = await readKeyring(config)
  const { algorithm, keyDays: lifeDays } = config.jwt
  const policy = { now, algorithm, lifeDays, create: (signsFrom: number) => createSigningKey({ algorithm, secret, createdAt: now, signsFrom }) }
  const { add } = await changeKeys(db, (keys) => isNow ? planWithdrawal(keys, policy) : planRotation(keys, policy, true))
  process.stdout.write(add.length > 0 ? '' : 'A next key is published already, and signs from its time on.\n')
}

/** Returns a line for each key: id, algorithm, state, and when it began or begins to sign. */
function describe (keys: readonly StoredKey[], now: number): string {
  const { next, current, previous } = sortKeys(keys, now)
  const line = (state: string) => ({ id, algorithm, signsFrom }: StoredKey) => `${id}  ${algorithm}  ${state.padEnd(8)}  ${new Date(signsFrom).toISOString()}\n`
  const lines = [...next.map(line('next')), ...current === undefined ? [] : [line('current')(current)], ...previous.map(line('previous'))]
  return lines.length === 0 ? 'There are no keys yet. The service makes them at its first start.\n' : lines.join('')
}
