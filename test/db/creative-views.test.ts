import t from 'tap'
import { listDueCreatives, listOwnCreatives } from '../../db/creative-views.ts'
import { insertCreative } from '../../db/creatives.ts'
import { createUser, openDatabase } from './connect.ts'
import { creativeRow } from './creative-row.ts'

const db = await openDatabase(t)
const [asha, ravi] = [await createUser(db), await createUser(db)]

async function create (scheduledAt: string | null, userId = asha.id): Promise<number> {
  return (await insertCreative(db, creativeRow({ userId, scheduled_at: scheduledAt }))).id
}

const beforeId = Number.MAX_SAFE_INTEGER

t.test('a list of days has the newest first, so many of each, from an id down', async (t) => {
  const [first, second, other, third] = [await create('2031-01-01'), await create('2031-01-01', ravi.id), await create('2031-01-02'), await create('2031-01-01')]
  await create('2031-01-03')
  const idsOn = async (dates: string[], { ownerId, limitPerDay = 100, before = beforeId }: { ownerId?: number, limitPerDay?: number, before?: number } = {}) =>
    (await listDueCreatives(db, { viewerId: ravi.id, days: dates.map((date) => ({ date, beforeId: before })), ownerId, limitPerDay })).creatives
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

t.test('the viewer\'s zone comes along, also where nothing is due', async (t) => {
  await db.updateTable('users').set({ time_zone: 'Asia/Kolkata' }).where('id', '=', asha.id).execute()
  const ask = async (viewerId: number, date: string) => await listDueCreatives(db, { viewerId, days: [{ date, beforeId }], ownerId: undefined, limitPerDay: 1 })
  t.match(await ask(asha.id, '2031-01-01'), { timeZone: 'Asia/Kolkata', creatives: [{ date: '2031-01-01' }] })
  t.same(await ask(asha.id, '2040-01-01'), { timeZone: 'Asia/Kolkata', creatives: [] })
  t.same(await ask(ravi.id, '2040-01-01'), { timeZone: null, creatives: [] })
  t.same(await ask(4711, '2031-01-01'), { timeZone: null, creatives: [] }, 'nobody\'s any more')
})

t.test('one\'s own after a place: drafts first, and no row of the page before', async (t) => {
  const { id: ownerId } = await createUser(db)
  const ids = [await create(null, ownerId), await create('2030-01-01', ownerId), await create('2030-01-02', ownerId), await create(null, ownerId), await create('2030-01-01', ownerId)] as const
  const [draft, old, late, newDraft, newer] = ids
  const own = async (query: Partial<Parameters<typeof listOwnCreatives>[1]>) => (await listOwnCreatives(db, { ownerId, drafts: 'include', limit: 10, ...query })).map(({ id }) => id)
  t.same(await own({}), [newDraft, draft, late, newer, old])
  t.same(await own({ after: { date: null, id: newDraft } }), [draft, late, newer, old])
  t.same(await own({ after: { date: '2030-01-02', id: late } }), [newer, old])
  t.same(await own({ after: { date: '2030-01-01', id: newer } }), [old])
  t.same(await own({ after: { date: null, id: newDraft }, drafts: 'exclude' }), [late, newer, old])
  t.same(await own({ after: { date: '2030-01-02', id: late }, drafts: 'only' }), [])
  t.same(await own({ limit: 3 }), [newDraft, draft, late])
})
