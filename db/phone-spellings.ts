import { sql, type Kysely, type NotNull } from 'kysely'
import { changedCallingCodes, toCurrentSpelling } from '../src/domain/auth/earlier-spellings.ts'
import type { Database, User } from './schema.ts'

export type NumberedUser = Pick<User, 'id' | 'phone_number'>

/** An account under an old spelling, and the account under the current spelling of the same line, if there is one. */
export interface OldSpelling {
  old: NumberedUser
  current: NumberedUser | undefined
}

const pageSize = 1000
const pattern = `^\\+(${changedCallingCodes.join('|')})`

/** Lists all accounts under an old spelling in the order of their ids. It reads the table in pages and changes nothing. */
export async function * listOldSpellings (db: Kysely<Database>): AsyncGenerator<OldSpelling> {
  let last: number | undefined = 0
  while (last !== undefined) {
    const page: NumberedUser[] = await db.selectFrom('users').select(['id', 'phone_number'])
      .where('id', '>', last).where(sql<boolean>`phone_number ~ ${pattern}`).orderBy('id').limit(pageSize)
      .$narrowType<{ phone_number: NotNull }>().execute()
    const olds = page.filter(({ phone_number: phone }) => toCurrentSpelling(phone) !== phone)
    const currents = await db.selectFrom('users').select(['id', 'phone_number'])
      .where('phone_number', 'in', ['', ...olds.map(({ phone_number: phone }) => toCurrentSpelling(phone))])
      .$narrowType<{ phone_number: NotNull }>().execute()
    const byNumber = new Map(currents.map((user) => [user.phone_number, user]))
    for (const old of olds) yield { old, current: byNumber.get(toCurrentSpelling(old.phone_number)) }
    last = page.at(-1)?.id
  }
}
