import t from 'tap'
import { ask } from '../../support/creatives.ts'
import { createCreative, creativeForm } from '../../support/forms.ts'
import { build, createClock, signUp } from '../../support/helper.ts'

interface Deleted {
  creatives: Array<{ id: number, deleted_at: string, restorable_until: string }>
  next_cursor: string | null
}

t.test('GET /creatives/deleted lists what its reader can restore', async (t) => {
  const clock = createClock(Date.parse('2030-01-01T10:00:00Z'))
  const app = await build(t, { clock })
  const [asha, ravi] = [await signUp(app), await signUp(app)]
  const remove = async (id: number) => { await ask(app, asha, `/creatives/${id}`, { method: 'DELETE' }) }
  const list = async (query = '', reader = asha) => (await ask(app, reader, `/creatives/deleted${query}`)).json<Deleted>()
  t.same(await list(), { creatives: [], next_cursor: null })
  const ids = []
  for (let count = 0; count < 3; count++) ids.push((await createCreative(app, asha, creativeForm({ date: '2030-01-02' }))).id)
  const [first = 0, , third = 0] = ids
  await createCreative(app, ravi, creativeForm({ date: '2030-01-02' }))
  await remove(first)
  clock.advance(60_000)
  await remove(third)
  t.match(await list(), {
    creatives: [
      { id: third, deleted_at: '2030-01-01T10:01:00.000Z', restorable_until: '2030-01-01T10:11:00.000Z', owner: { id: asha.userId }, is_mine: true },
      { id: first, deleted_at: '2030-01-01T10:00:00.000Z', restorable_until: '2030-01-01T10:10:00.000Z' }
    ],
    next_cursor: null
  })
  t.same(await list('', ravi), { creatives: [], next_cursor: null }, 'nobody sees what another user deleted')
  const page = await list('?limit=1')
  t.same([page.creatives.map(({ id }) => id), typeof page.next_cursor], [[third], 'string'])
  t.match(await list(`?limit=1&cursor=${page.next_cursor}`), { creatives: [{ id: first }], next_cursor: null })
  clock.advance(9 * 60_000)
  t.same((await list()).creatives.map(({ id }) => id), [third], 'the time of the first is over')
  t.equal((await ask(app, asha, `/creatives/${first}/restore`, { method: 'POST' })).statusCode, 404)
  t.equal((await ask(app, asha, `/creatives/${third}/restore`, { method: 'POST' })).statusCode, 200)
  t.same(await list(), { creatives: [], next_cursor: null })
})

t.test('another cursor is refused', async (t) => {
  const app = await build(t)
  const session = await signUp(app)
  for (const cursor of ['x', Buffer.from('2030-01-01 7').toString('base64url')]) {
    t.match((await ask(app, session, `/creatives/deleted?cursor=${cursor}`)).json(), { code: 'CHR_VALIDATION', error: /next_cursor/ }, cursor)
  }
})
