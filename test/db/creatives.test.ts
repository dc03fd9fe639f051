import t from 'tap'
import { deleteHiddenCreative, findOwnCreative, hideCreative, insertCreative, listHiddenCreatives, restoreCreative } from '../../db/creatives.ts'
import { createUser, openDatabase } from './connect.ts'
import { creativeRow } from './creative-row.ts'

const db = await openDatabase(t)
const [asha, ravi] = [await createUser(db), await createUser(db)]

async function create (scheduledAt: string | null, userId = asha.id): Promise<number> {
  return (await insertCreative(db, creativeRow({ userId, scheduled_at: scheduledAt }))).id
}

t.test('a creative is found as it was stored', async (t) => {
  const row = creativeRow({ userId: asha.id, scheduled_at: '2030-01-01' })
  const creative = await insertCreative(db, row)
  t.match(creative, { ...row, id: Number, version: 1, created_at: Date, title: null, alt_text: null, deleted_at: null })
  t.equal(creative.scheduled_at, '2030-01-01', 'a date is text, whatever the zone of the machine')
  t.same(await findOwnCreative(db, { id: creative.id, userId: asha.id }), creative)
  t.equal(await findOwnCreative(db, { id: creative.id, userId: ravi.id }), undefined)
})

t.test('a hidden creative is nowhere, and comes back until its time is over', async (t) => {
  const id = await create('2030-01-02')
  const mine = { id, userId: asha.id }
  const at = new Date('2030-01-01T10:00:00Z')
  t.equal(await hideCreative(db, { id, userId: ravi.id }, at), false)
  t.equal(await hideCreative(db, mine, at), true)
  t.equal(await hideCreative(db, mine, at), false, 'twice')
  t.equal(await findOwnCreative(db, mine), undefined)
  t.equal(await restoreCreative(db, mine, at), undefined, 'too late')
  t.equal(await restoreCreative(db, { id, userId: ravi.id }, new Date(0)), undefined)
  t.match(await restoreCreative(db, mine, new Date(at.getTime() - 1000)), { id, deleted_at: null })
  t.match(await findOwnCreative(db, mine), { id })
})

t.test('only what was hidden long enough is listed and deleted for good, the first first', async (t) => {
  const [first, second, late, shown] = [await create(null), await create(null), await create(null), await create(null)]
  const moment = (minutes: number) => new Date(Date.parse('2030-01-01T10:00:00Z') + minutes * 60_000)
  for (const [id, minutes] of [[second, 2], [first, 1], [late, 4]] as const) await hideCreative(db, { id, userId: asha.id }, moment(minutes))
  t.same(await listHiddenCreatives(db, moment(3), 10), [{ id: first, userId: asha.id }, { id: second, userId: asha.id }])
  t.same(await listHiddenCreatives(db, moment(3), 1), [{ id: first, userId: asha.id }])
  for (const id of [late, shown]) t.equal(await deleteHiddenCreative(db, id, moment(3)), undefined)
  t.match(await deleteHiddenCreative(db, first, moment(3)), /^[0-9a-f]{32}$/)
  t.equal(await deleteHiddenCreative(db, first, moment(3)), undefined, 'twice')
})

t.test('no two creatives have one image', async (t) => {
  const row = creativeRow({ userId: asha.id })
  await insertCreative(db, row)
  await t.rejects(insertCreative(db, row), { code: '23505' })
})

t.test('the creatives of a user go with the user', async (t) => {
  const { id: userId } = await createUser(db)
  const id = await create('2033-01-01', userId)
  await db.deleteFrom('users').where('id', '=', userId).execute()
  t.equal(await findOwnCreative(db, { id, userId }), undefined)
})
