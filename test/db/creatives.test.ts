import t from 'tap'
import {
  deleteForGood, findOwnCreative, insertCreative, listDeletedCreatives, listOwnCreatives, restoreCreative, softDeleteCreative
} from '../../db/creatives.ts'
import { createUser, openDatabase } from './connect.ts'
import { creativeRow } from './creative-row.ts'

const db = await openDatabase(t)
const [asha, ravi] = [await createUser(db), await createUser(db)]

async function create (scheduledAt: string | null, userId = asha.id): Promise<number> {
  return (await insertCreative(db, creativeRow({ userId, scheduled_at: scheduledAt }))).id
}

t.test('a stored creative is found unchanged', async (t) => {
  const row = creativeRow({ userId: asha.id, scheduled_at: '2030-01-01' })
  const creative = await insertCreative(db, row)
  t.match(creative, { ...row, id: Number, version: 1, created_at: Date, title: null, alt_text: null, deleted_at: null })
  t.equal(creative.scheduled_at, '2030-01-01', 'a date is text in every time zone of the machine')
  t.same(await findOwnCreative(db, { id: creative.id, userId: asha.id }), creative)
  t.equal(await findOwnCreative(db, { id: creative.id, userId: ravi.id }), undefined)
})

t.test('a deleted creative is not found, and can be restored within its time', async (t) => {
  const id = await create('2030-01-02')
  const mine = { id, userId: asha.id }
  const at = new Date('2030-01-01T10:00:00Z')
  t.equal(await softDeleteCreative(db, { id, userId: ravi.id }, at), false)
  t.equal(await softDeleteCreative(db, mine, at), true)
  t.equal(await softDeleteCreative(db, mine, at), false, 'a second deletion does nothing')
  t.equal(await findOwnCreative(db, mine), undefined)
  t.equal(await restoreCreative(db, mine, at), undefined, 'the time for restoring is over')
  t.equal(await restoreCreative(db, { id, userId: ravi.id }, new Date(0)), undefined)
  t.match(await restoreCreative(db, mine, new Date(at.getTime() - 1000)), { id, deleted_at: null })
  t.match(await findOwnCreative(db, mine), { id })
})

t.test('only creatives that were deleted long enough ago are listed and removed, oldest deletion first', async (t) => {
  const [first, second, late, shown] = [await create(null), await create(null), await create(null), await create(null)]
  const moment = (minutes: number) => new Date(Date.parse('2030-01-01T10:00:00Z') + minutes * 60_000)
  for (const [id, minutes] of [
    [second, 2], [first, 1], [late, 4]
  ] as const) await softDeleteCreative(db, { id, userId: asha.id }, moment(minutes))
  t.same(await listDeletedCreatives(db, moment(3), 10), [{ id: first, userId: asha.id }, { id: second, userId: asha.id }])
  t.same(await listDeletedCreatives(db, moment(3), 1), [{ id: first, userId: asha.id }])
  for (const id of [late, shown]) t.equal(await deleteForGood(db, id, moment(3)), undefined)
  t.match(await deleteForGood(db, first, moment(3)), /^[0-9a-f]{32}$/)
  t.equal(await deleteForGood(db, first, moment(3)), undefined, 'a second removal does nothing')
})

t.test('two creatives cannot share an image', async (t) => {
  const row = creativeRow({ userId: asha.id })
  await insertCreative(db, row)
  await t.rejects(insertCreative(db, row), { code: '23505' })
})

t.test('deleting a user deletes its creatives', async (t) => {
  const { id: userId } = await createUser(db)
  const id = await create('2033-01-01', userId)
  await db.deleteFrom('users').where('id', '=', userId).execute()
  t.equal(await findOwnCreative(db, { id, userId }), undefined)
})

t.test('own creatives after a cursor position list drafts first and no rows of the previous page', async (t) => {
  const { id: ownerId } = await createUser(db)
  const ids = [
    await create(null, ownerId),
    await create('2030-01-01', ownerId),
    await create('2030-01-02', ownerId),
    await create(null, ownerId),
    await create('2030-01-01', ownerId)
  ] as const
  const [draft, old, late, newDraft, newer] = ids
  const own = async (query: Partial<Parameters<typeof listOwnCreatives>[1]>) => (await listOwnCreatives(db, {
    ownerId, drafts: 'include', limit: 10, ...query
  })).map(({ id }) => id)
  t.same(await own({}), [newDraft, draft, late, newer, old])
  t.same(await own({ after: { date: null, id: newDraft } }), [draft, late, newer, old])
  t.same(await own({ after: { date: '2030-01-02', id: late } }), [newer, old])
  t.same(await own({ after: { date: '2030-01-01', id: newer } }), [old])
  t.same(await own({ after: { date: null, id: newDraft }, drafts: 'exclude' }), [late, newer, old])
  t.same(await own({ after: { date: '2030-01-02', id: late }, drafts: 'only' }), [])
  t.same(await own({ limit: 3 }), [newDraft, draft, late])
})
