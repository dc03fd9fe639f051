import { randomBytes } from 'node:crypto'
import t from 'tap'
import { deleteCreative, findReadyCreative, insertPendingCreative, listScheduledCreatives, markCreativeReady } from '../../db/creatives.ts'
import { createUser, openDatabase } from './connect.ts'

const db = await openDatabase(t)
const [asha, ravi] = [await createUser(db), await createUser(db)]

const newCreative = (scheduledAt: string, userId = asha.id) => ({
  user_id: userId,
  creative_url: randomBytes(16).toString('hex'),
  scheduled_at: scheduledAt,
  content_type: 'image/png',
  byte_count: 70,
  sha256: randomBytes(32)
})

async function createReady (scheduledAt: string, userId?: number): Promise<number> {
  const { id } = await insertPendingCreative(db, newCreative(scheduledAt, userId))
  await markCreativeReady(db, id)
  return id
}

const idsOn = async (dates: string[], { ownerId, limitPerDate = 100 }: { ownerId?: number, limitPerDate?: number } = {}) =>
  (await listScheduledCreatives(db, { dates, ownerId, limitPerDate })).map(({ id, scheduled_at: date }) => [date, id])

t.test('a creative is found only once it is ready, and then whole', async (t) => {
  const creative = newCreative('2030-01-01')
  const { id } = await insertPendingCreative(db, creative)
  t.equal(await findReadyCreative(db, id), undefined)
  const ready = await markCreativeReady(db, id)
  t.match(ready, { ...creative, id, state: 'ready', created_at: Date })
  t.same(await findReadyCreative(db, id), ready)
  t.equal(ready?.scheduled_at, '2030-01-01', 'a date is text, whatever the zone of the machine')
})

t.test('a deleted creative is gone, and cannot become ready', async (t) => {
  const { id } = await insertPendingCreative(db, newCreative('2030-01-02'))
  await deleteCreative(db, id)
  t.equal(await markCreativeReady(db, id), undefined)
  t.equal(await findReadyCreative(db, id), undefined)
  await deleteCreative(db, id)
})

t.test('no two creatives have one file', async (t) => {
  const creative = newCreative('2030-01-02')
  await insertPendingCreative(db, creative)
  await t.rejects(insertPendingCreative(db, creative), { code: '23505' })
})

t.test('the list has the ready ones of its dates, newest first, so many of each', async (t) => {
  const [first, second, other, third] = [
    await createReady('2031-01-01'), await createReady('2031-01-01', ravi.id), await createReady('2031-01-02'), await createReady('2031-01-01')
  ]
  await insertPendingCreative(db, newCreative('2031-01-01'))
  await createReady('2031-01-03')
  const dates = ['2031-01-01', '2031-01-02']
  t.same(await idsOn(dates), [['2031-01-01', third], ['2031-01-01', second], ['2031-01-01', first], ['2031-01-02', other]])
  t.same(await idsOn(dates, { limitPerDate: 1 }), [['2031-01-01', third], ['2031-01-02', other]])
  t.same(await idsOn(dates, { ownerId: asha.id, limitPerDate: 1 }), [['2031-01-01', third], ['2031-01-02', other]])
  t.same(await idsOn(dates, { ownerId: ravi.id }), [['2031-01-01', second]])
  t.same(await idsOn(['2032-01-01']), [])
  t.same(await idsOn([]), [])
})

t.test('the creatives of a user go with the user', async (t) => {
  const { id: userId } = await createUser(db)
  const id = await createReady('2033-01-01', userId)
  await db.deleteFrom('users').where('id', '=', userId).execute()
  t.equal(await findReadyCreative(db, id), undefined)
})
