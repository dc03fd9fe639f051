import { CompiledQuery, type Kysely } from 'kysely'
import type { Database } from './schema.ts'

/** Tables whose rows are over at some moment, by their key. */
export const expiring = [
  { table: 'tokens', key: 'hash', end: 'expiry' },
  { table: 'device_tokens', key: 'hash', end: 'expiry' },
  { table: 'phone_changes', key: 'user_id', end: 'requested_at' }
] as const

const statementFor = ({ table, key, end }: typeof expiring[number]) => `
  with expired as (select ${key} from ${table} where ${end} < $1 order by ${end} limit $2 for update skip locked)
  delete from ${table} as ended using expired where ended.${key} = expired.${key}`

/** Deletes at most `limit` rows that were over before a moment; returns how many. Several may do it at once. */
export async function deleteExpired (db: Kysely<Database>, place: typeof expiring[number], before: Date, limit: number): Promise<number> {
  const { numAffectedRows } = await db.executeQuery(CompiledQuery.raw(statementFor(place), [before, limit]))
  return Number(numAffectedRows)
}
