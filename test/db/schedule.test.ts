import { sql, type Kysely, type KyselyPlugin } from 'kysely'
import t from 'tap'
import { insertCreative, softDeleteCreative } from '../../db/creatives.ts'
import type { Database } from '../../db/schema.ts'
import { listDueCreatives, listScheduledCreatives, type RangeQuery } from '../../db/schedule.ts'
import { createUser, openDatabase } from './connect.ts'
import { creativeRow } from './creative-row.ts'

const db = await openDatabase(t)
const [asha, ravi] = [await createUser(db), await createUser(db)]

async function create (scheduledAt: string | null, userId = asha.id): Promise<number> {
  return (await insertCreative(db, creativeRow({ userId, scheduled_at: scheduledAt }))).id
}

/** Returns the plan of the only statement that `work` runs. */
async function explain (work: (db: Kysely<Database>) => Promise<void>): Promise<string> {
  let plan = ''
  const explainer: KyselyPlugin = {
    transformQuery: ({ node }) => ({ kind: 'RawNode', sqlFragments: ['explain analyze ', ''], parameters: [node] }),
    async transformResult ({ result }) {
      plan = result.rows.map((row) => row['QUERY PLAN']).join('\n')
      return { ...result, rows: [] }
    }
  }
  await work(db.withPlugin(explainer))
  return plan
}

const beforeId = Number.MAX_SAFE_INTEGER

t.test('due creatives are listed newest first, up to a limit per day, descending from an id', async (t) => {
  const [first, second, other, third] = [
    await create('2031-01-01'), await create('2031-01-01', ravi.id), await create('2031-01-02'), await create('2031-01-01')
  ]
  await create('2031-01-03')
  const idsOn = async (dates: string[], { ownerId, limitPerDay = 100, before = beforeId }: {
    ownerId?: number
    limitPerDay?: number
    before?: number
  } = {}) =>
    (await listDueCreatives(db, {
      viewerId: ravi.id, days: dates.map((date) => ({ date, beforeId: before })), ownerId, limitPerDay
    })).creatives
      .map(({ id, date }) => [date, id])
  const dates = ['2031-01-01', '2031-01-02']
  t.same(await idsOn(dates), [['2031-01-01', third], ['2031-01-01', second], ['2031-01-01', first], ['2031-01-02', other]])
  t.same(await idsOn(dates, { limitPerDay: 1 }), [['2031-01-01', third], ['2031-01-02', other]])
  t.same(await idsOn(dates, { ownerId: asha.id, limitPerDay: 1 }), [['2031-01-01', third], ['2031-01-02', other]])
  t.same(await idsOn(dates, { ownerId: ravi.id }), [['2031-01-01', second]])
  t.same(await idsOn(dates, { before: second }), [['2031-01-01', first]])
  t.same(await idsOn(['2032-01-01']), [])
  t.same(await idsOn([]), [])
})

t.test('the list includes the viewer\'s time zone, even if no creative is due', async (t) => {
  await db.updateTable('users').set({ time_zone: 'Asia/Kolkata' }).where('id', '=', asha.id).execute()
  const ask = async (viewerId: number, date: string) => await listDueCreatives(db, {
    viewerId, days: [{ date, beforeId }], ownerId: undefined, limitPerDay: 1
  })
  t.match(await ask(asha.id, '2031-01-01'), { timeZone: 'Asia/Kolkata', creatives: [{ date: '2031-01-01' }] })
  t.same(await ask(asha.id, '2040-01-01'), { timeZone: 'Asia/Kolkata', creatives: [] })
  t.same(await ask(ravi.id, '2040-01-01'), { timeZone: null, creatives: [] })
  t.same(await ask(4711, '2031-01-01'), { timeZone: null, creatives: [] }, 'a deleted user has no time zone and no creatives')
})

t.test('a listed creative has its owner, with the present name', async (t) => {
  const { id: userId } = await createUser(db)
  const id = await create('2033-01-01', userId)
  const listed = async () => [
    (await listDueCreatives(db, { viewerId: asha.id, days: [{ date: '2033-01-01', beforeId }], ownerId: undefined, limitPerDay: 9 })).creatives,
    await listScheduledCreatives(db, { from: '2033-01-01', beforeId, to: '2033-01-01', ownerId: undefined, limit: 9 })
  ]
  for (const name of ['Asha', '"Ravi" \\ \u{1f389}']) {
    await db.updateTable('users').set({ name }).where('id', '=', userId).execute()
    const expected = [{ id, version: 1, date: '2033-01-01', userId, ownerName: name }]
    t.same(await listed(), [expected, expected])
  }
})

t.test('a range is listed by date, newest first within each, from a position on', async (t) => {
  const [first, second, later, last] = [
    await create('2034-03-01'), await create('2034-03-01', ravi.id), await create('2034-03-15'), await create('2034-03-31', ravi.id)
  ]
  const [outside, deleted] = [await create('2034-04-01'), await create('2034-03-15')]
  await create(null)
  await softDeleteCreative(db, { id: deleted, userId: asha.id }, new Date())
  await db.insertInto('creatives').values({ ...creativeRow({ userId: asha.id, scheduled_at: '2034-03-15' }), is_damaged: true }).execute()
  const idsOf = async (query: Partial<RangeQuery>) => (await listScheduledCreatives(db, {
    from: '2034-03-01', beforeId, to: '2034-03-31', ownerId: undefined, limit: 10, ...query
  })).map(({ id }) => id)
  t.same(await idsOf({}), [second, first, later, last])
  t.same(await idsOf({ limit: 3 }), [second, first, later])
  t.same(await idsOf({ beforeId: second }), [first, later, last])
  t.same(await idsOf({ from: '2034-03-15', beforeId: later }), [last])
  t.same(await idsOf({ ownerId: ravi.id }), [second, last])
  t.same(await idsOf({ ownerId: ravi.id, from: '2034-03-31' }), [last])
  t.same(await idsOf({ to: '2034-04-30' }), [second, first, later, last, outside])
  t.same(await idsOf({ from: '2035-01-01', to: '2035-01-31' }), [])
})

t.test('both ranges of many creatives are read from an index, without a sort of all rows', async (t) => {
  const { id: userId } = await createUser(db)
  const row = creativeRow({ userId, scheduled_at: '2036-01-01' })
  for (let start = 0; start < 20_000; start += 2000) {
    await db.insertInto('creatives').values(Array.from({ length: 2000 }, (_none, index) => ({
      ...row, creative_url: `range ${start + index}`, scheduled_at: `2036-${String(1 + index % 12).padStart(2, '0')}-15`
    }))).execute()
  }
  await sql`analyze creatives`.execute(db)
  for (const ownerId of [undefined, userId]) {
    const query = { from: '2036-02-01', beforeId, to: '2036-04-30', ownerId, limit: 100 }
    const plan = await explain(async (db) => { await listScheduledCreatives(db, query) })
    t.match(plan, /Index Scan/, plan)
    t.notMatch(plan, /Seq Scan on creatives/, plan)
    t.notMatch(plan, /-> +Sort .*rows=\d{4,}/, plan)
  }
})
