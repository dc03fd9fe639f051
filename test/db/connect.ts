import { randomBytes } from 'node:crypto'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Test } from 'tap'
import type { Database } from '../../db/schema.ts'
import type { NewToken } from '../../db/tokens.ts'
import { registerWithTokens, type Registration } from '../../db/registrations.ts'
import { typeParsers } from '../../plugins/platform/postgres/types.ts'
import { createToken } from '../../src/domain/auth/token.ts'
import { createDatabase } from '../support/databases.ts'
import { createPhone } from '../support/helper.ts'

/** Opens a migrated database for one test, without the service. */
export async function openDatabase (t: Test): Promise<Kysely<Database>> {
  const pool = new pg.Pool({ connectionString: await createDatabase(t), types: typeParsers, max: 20 })
  // Dropping the database may cut connections that are still closing.
  pool.on('error', () => {})
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) })
  t.teardown(async () => { await db.destroy() })
  return db
}

export const laterDate = new Date('2090-01-01T00:00:00Z')

export const loginDate = new Date('2029-12-01T00:00:00Z')
export const finalDate = new Date('2095-01-01T00:00:00Z')

export function newToken (changes: Partial<NewToken> = {}): NewToken {
  return {
    hash: createToken().hash,
    scope: 'authentication',
    createdAt: loginDate,
    expiry: laterDate,
    finalExpiry: finalDate,
    userAgent: 'curl/8.5.0',
    address: '203.0.113.x',
    ...changes
  }
}

export const newDevice = () => ({ hash: createToken().hash, expiry: laterDate })

type GivenRegistration = Pick<Registration, 'phoneNumber' | 'name'> & Partial<Registration>

/** Creates a registration with defaults for everything that the caller leaves out. */
export function newRegistration (given: GivenRegistration): Registration {
  return { challengeHash: randomBytes(32), token: newToken(), device: newDevice(), isTest: false, sessionsEpoch: 0, ...given }
}

/** Registers a user with defaults for everything that the caller leaves out. */
export async function register (db: Kysely<Database>, given: GivenRegistration) {
  const [user] = await registerWithTokens(db, [newRegistration(given)])
  return user
}

/** Registers a user, or another token of an existing user. */
export async function createUser (
  db: Kysely<Database>,
  { name = 'Asha', phoneNumber = createPhone(), ...changes }: Partial<NewToken> & { name?: string, phoneNumber?: string } = {}
) {
  const token = newToken(changes)
  const user = await register(db, { phoneNumber, name, token })
  if (user === undefined) throw new Error('the user was not registered')
  return { ...user, hash: token.hash }
}

/** Returns the row of a token. */
export async function findToken (db: Kysely<Database>, hash: Buffer) {
  return await db.selectFrom('tokens').selectAll().where('hash', '=', hash).executeTakeFirst()
}
