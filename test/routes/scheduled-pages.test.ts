import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { encodeScheduleCursor } from '../../src/domain/http/cursors.ts'
import { ask, seedCreative } from '../support/creatives.ts'
import { build, createClock, signUp, type Session } from '../support/helper.ts'

interface Page { today: number[], tomorrow: number[], date: string, next: string | null }

async function readPage (app: FastifyInstance, session: Session, query: string): Promise<Page> {
  const response = await ask(app, session, `/scheduled?${query}`)
  if (response.statusCode !== 200) throw new Error(response.body)
  const { scheduled_creatives: listed, dates, next_cursor: next } = response.json()
  const [today, tomorrow] = [listed.today, listed.tomorrow].map((creatives: Array<{ id: number }>) => creatives.map(({ id }) => id))
  return { today: today ?? [], tomorrow: tomorrow ?? [], date: dates.today, next }
}

async function arrange (t: Parameters<typeof build>[0], { start = '2030-01-01T12:00:00Z', counts = [5, 2] as readonly number[] } = {}) {
  const clock = createClock(Date.parse(start))
  const app = await build(t, { clock, env: { TOKEN_TTL_SECONDS: '864000' } })
  const session = await signUp(app)
  for (const [index, date] of ['2030-01-01', '2030-01-02'].entries()) {
    for (let left = counts[index] ?? 0; left > 0; left--) await seedCreative(app, { ownerId: session.userId, date })
  }
  return { clock, app, session }
}

t.test('limit applies to each day, and the cursor continues both days until they end', async (t) => {
  const { app, session } = await arrange(t)
  const first = await readPage(app, session, 'limit=2')
  t.match(first, { today: [5, 4], tomorrow: [7, 6] })
  const second = await readPage(app, session, `limit=2&cursor=${first.next}`)
  t.match(second, { today: [3, 2], tomorrow: [] })
  const third = await readPage(app, session, `limit=2&cursor=${second.next}`)
  t.match(third, { today: [1], tomorrow: [], next: null })
  t.match(await readPage(app, session, 'limit=5&owner=me'), {
    today: [5, 4, 3, 2, 1], tomorrow: [7, 6], next: null
  }, 'a page that is exactly full is the last one')
})

t.test('pages show each creative once while others are created and deleted', async (t) => {
  const { app, session } = await arrange(t, { counts: [6, 0] })
  const first = await readPage(app, session, 'limit=2')
  await seedCreative(app, { ownerId: session.userId, date: '2030-01-01' })
  await app.pg.pool.query('update creatives set deleted_at = now() where id in (5, 3)')
  const second = await readPage(app, session, `limit=2&cursor=${first.next}`)
  const third = await readPage(app, session, `limit=2&cursor=${second.next}`)
  t.same([...first.today, ...second.today, ...third.today], [6, 5, 4, 2, 1])
})

t.test('a cursor keeps its dates for an hour after midnight', async (t) => {
  const { app, session, clock } = await arrange(t, { start: '2030-01-01T18:29:00Z' })
  const first = await readPage(app, session, 'limit=2&tz=Asia/Kolkata')
  t.match(first, { today: [5, 4], date: '2030-01-01' })
  clock.advance(60_000)
  t.match(await readPage(app, session, 'limit=2&tz=Asia/Kolkata'), { today: [7, 6], date: '2030-01-02' }, 'a new list shows the new day')
  for (const query of ['tz=Asia/Kolkata&', '']) {
    t.match(await readPage(app, session, `limit=2&${query}cursor=${first.next}`), {
      today: [3, 2], date: '2030-01-01'
    })
  }
  clock.advance(3_599_999)
  t.match(await readPage(app, session, `limit=2&cursor=${first.next}`), { today: [3, 2] })
  clock.advance(1)
  t.match(await ask(app, session, `/scheduled?cursor=${first.next}`), { statusCode: 400, body: /belongs to a past day/ })
})

t.test('a forged cursor is refused', async (t) => {
  const { app, session } = await arrange(t)
  const position = { today: '2030-01-01', timeZone: 'UTC', beforeToday: 4, beforeTomorrow: 1 }
  t.match(await readPage(
    app, session, `cursor=${encodeScheduleCursor(position)}`
  ), { today: [3, 2, 1], next: null }, 'a valid cursor is accepted')
  const validCursor = encodeScheduleCursor(position)
  const bad = [
    ...['2030-01-02', '2030-01-03', '2029-12-31', '2030-02-30', 'tomorrow'].map((today) => encodeScheduleCursor({ ...position, today })),
    ...['Mars/Phobos', '+00:00', 'utc "', ''].map((timeZone) => encodeScheduleCursor({ ...position, timeZone })),
    ...[-1, 1.5, NaN, 2 ** 60].map((beforeToday) => encodeScheduleCursor({ ...position, beforeToday })),
    encodeScheduleCursor({ ...position, beforeTomorrow: 2 ** 60 }),
    'a', validCursor.slice(1), `${validCursor}A`, `${validCursor}=`, `${validCursor}%20`, validCursor.slice(0, -2), '%00',
    encodeURIComponent("' or 1=1"), Buffer.from(`${'9'.repeat(10)} UTC 1 1`).toString('base64url')
  ]
  for (const cursor of bad) {
    t.match(await ask(app, session, `/scheduled?cursor=${cursor}`), {
      statusCode: 400, body: /CHR_VALIDATION/
    }, cursor)
  }
  t.match(await ask(
    app, session, `/scheduled?cursor=${validCursor}&tz=Europe/London`
  ), { statusCode: 400 }, 'the time zone must not change')
  for (const limit of [
    '0', '501', '-1', 'all', '1.5', ''
  ]) t.equal((await ask(app, session, `/scheduled?limit=${limit}`)).statusCode, 400, limit)
})
