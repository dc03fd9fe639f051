import { CompiledQuery, type Kysely } from 'kysely'
import type { Database } from './schema.ts'

/** Tables whose rows end at their `expiry`. */
export const expiring = ['tokens', 'device_tokens'] as const

const statementFor = (table: typeof expiring[number]) => `
  with expired as (select hash from ${table} where expiry < $1 order by expiry limit $2 for update skip locked)
  delete from ${table} as ended using expired where ended.hash = expired.hash`

/** Deletes at most `limit` rows that expired before a moment; returns how many. Several may do it at once. */
export async function deleteExpired (db: Kysely<Database>, table: typeof expiring[number], before: Date, limit: number): Promise<number> {
  const { numAffectedRows } = await db.executeQuery(CompiledQuery.raw(statementFor(table), [before, limit]))
  return Number(numAffectedRows)
}
