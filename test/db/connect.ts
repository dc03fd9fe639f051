import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Test } from 'tap'
import type { Database } from '../../db/schema.ts'
import { registerWithToken } from '../../db/users.ts'
import { typeParsers } from '../../plugins/postgres/types.ts'
import { createToken } from '../../src/domain/token.ts'
import { createDatabase, createPhone } from '../helper.ts'

/** A migrated database of the test's own, asked directly. */
export async function openDatabase (t: Test): Promise<Kysely<Database>> {
  const pool = new pg.Pool({ connectionString: await createDatabase(t), types: typeParsers, max: 20 })
  // Dropping the database may cut connections that are still saying goodbye.
  pool.on('error', () => {})
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) })
  t.teardown(async () => { await db.destroy() })
  return db
}

export const laterDate = new Date('2090-01-01T00:00:00Z')

export function newToken (scope = 'authentication', expiry = laterDate) {
  return { hash: createToken().hash, expiry, scope }
}

export async function createUser (db: Kysely<Database>, name = 'Asha') {
  const token = newToken()
  const user = await registerWithToken(db, { phoneNumber: createPhone(), name, token })
  if (user === undefined) throw new Error('the user was not made')
  return { ...user, hash: token.hash }
}
