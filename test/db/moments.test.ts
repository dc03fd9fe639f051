import { sql } from 'kysely'
import t from 'tap'
import { insertCreative, softDeleteCreative, updateCreative } from '../../db/creatives.ts'
import { upsertCalendarFeed, findCalendarFeed } from '../../db/calendar-feeds.ts'
import { cutToSecond } from '../../db/moments.ts'
import { findPhoneChange, upsertPhoneChange } from '../../db/users.ts'
import { until } from '../support/polling.ts'
import { createUser, openDatabase } from './connect.ts'
import { creativeRow } from './creative-row.ts'

const db = await openDatabase(t)

t.test('the fraction of a second is cut off', async (t) => {
  for (const [moment, cut] of [['10:00:00.000Z', '10:00:00.000Z'], ['10:00:00.999Z', '10:00:00.000Z'], ['09:59:59.500Z', '09:59:59.000Z']]) {
    t.equal(cutToSecond(new Date(`2030-01-01T${moment}`)).toISOString(), `2030-01-01T${cut}`)
  }
  t.equal(cutToSecond(new Date(-1)).getTime(), -1000)
})

t.test('rows that are created in the second half of a second are not from the future', async (t) => {
  const { id: userId } = await db.insertInto('users').values({ name: 'Ravi', phone_number: null }).returning('id').executeTakeFirstOrThrow()
  const tables = ['users', 'creatives', 'tokens', 'device_tokens', 'calendar_feeds'] as const
  let ahead: unknown[] | undefined
  await until('a transaction begins in the second half of a second', async () => await db.transaction().execute(async (transaction) => {
    const { rows: [clock] } = await sql<{ isLate: boolean }>`select extract(milliseconds from now())::int % 1000 >= 600 as "isLate"`.execute(transaction)
    if (clock?.isLate !== true) return false
    await transaction.insertInto('users').values({ name: 'Asha', phone_number: null }).execute()
    await insertCreative(transaction, creativeRow({ userId, scheduled_at: null }))
    await sql`insert into tokens (hash, user_id, expiry, scope) values ('a', ${userId}, now() + interval '1 day', 'authentication')`.execute(transaction)
    await sql`insert into device_tokens (hash, user_id, expiry) values ('a', ${userId}, now())`.execute(transaction)
    await sql`insert into calendar_feeds (user_id, hash) values (${userId}, 'a')`.execute(transaction)
    const found = tables.map(async (table) => (await sql`select 1 from ${sql.table(table)} where created_at > now()`.execute(transaction)).rows)
    ahead = (await Promise.all(found)).flat()
    return true
  }))
  t.same(ahead, [])
})

t.test('moments that the service writes are cut too', async (t) => {
  const { id: userId } = await createUser(db)
  const now = new Date('2030-01-01T10:00:00.900Z')
  const cut = new Date('2030-01-01T10:00:00Z')
  const { id } = await insertCreative(db, creativeRow({ userId, scheduled_at: null }))
  t.same((await updateCreative(db, { id, ownerId: userId, version: 1, now, changes: { title: 'Diwali' } }))?.updated_at, cut)
  await softDeleteCreative(db, { id, userId }, now)
  t.same((await db.selectFrom('creatives').select('deleted_at').where('id', '=', id).executeTakeFirstOrThrow()).deleted_at, cut)
  await upsertCalendarFeed(db, { userId, hash: Buffer.from('feed'), now })
  t.same((await findCalendarFeed(db, userId))?.created_at, cut)
  await upsertPhoneChange(db, { user_id: userId, secret_id: 'one', sealed_phone: 'sealed', requested_at: now })
  t.same((await findPhoneChange(db, userId))?.requested_at, cut)
})
