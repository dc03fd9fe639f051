import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { ask, seedCreative } from '../support/creatives.ts'
import { build, signUp, type Session } from '../support/helper.ts'

interface Range {
  creatives: Array<{ id: number, scheduled_at: string, owner: { id: number, name: string }, is_mine: boolean }>
  next_cursor: string | null
}

const february = '?from=2030-02-01&to=2030-02-28'

async function list (app: FastifyInstance, session: Session, query: string): Promise<Range> {
  const response = await ask(app, session, `/scheduled${query}`)
  if (response.statusCode !== 200) throw new Error(response.body)
  return response.json<Range>()
}

t.test('GET /scheduled with from and to lists the creatives of everyone by date, with their owners', async (t) => {
  const app = await build(t)
  const [asha, ravi] = [await signUp(app), await signUp(app, { name: 'Ravi' })]
  for (const date of ['2030-02-28', '2030-02-01', '2030-03-01', null]) await seedCreative(app, { ownerId: asha.userId, date })
  await seedCreative(app, { ownerId: ravi.userId, date: '2030-02-01' })
  const of = (viewer: Session) => ({
    creatives: [[5, ravi, 'Ravi'], [2, asha, 'Asha'], [1, asha, 'Asha']].map(([id, owner, name]) => {
      const { userId } = owner as Session
      return { id, owner: { id: userId, name }, is_mine: userId === viewer.userId }
    }),
    next_cursor: null
  })
  t.match(await list(app, asha, february), of(asha))
  t.match(await list(app, ravi, february), of(ravi), 'the cached creatives of another reader')
  t.same((await list(app, ravi, `${february}&owner=me`)).creatives.map(({ id }) => id), [5])
  await ask(app, ravi, '/me', { method: 'PATCH', payload: { name: 'Ravi Kumar', version: 1 } })
  t.match((await list(app, asha, february)).creatives[0], { owner: { name: 'Ravi Kumar' } }, 'the present name')
  t.same(await list(app, asha, '?from=2030-05-01&to=2030-05-01'), { creatives: [], next_cursor: null })
})

t.test('with SCHEDULE_VISIBILITY=private a range has the own creatives alone', async (t) => {
  const app = await build(t, { env: { SCHEDULE_VISIBILITY: 'private' } })
  const [asha, ravi] = [await signUp(app), await signUp(app)]
  for (const { userId: ownerId } of [asha, ravi]) await seedCreative(app, { ownerId, date: '2030-02-10' })
  t.same((await list(app, ravi, february)).creatives.map(({ id }) => id), [2])
})

t.test('the pages of a range have each creative once, although others are added and deleted in between', async (t) => {
  const app = await build(t)
  const session = await signUp(app)
  const seed = async (date: string) => { await seedCreative(app, { ownerId: session.userId, date }) }
  for (const date of ['2030-02-01', '2030-02-01', '2030-02-01', '2030-02-02', '2030-02-03']) await seed(date)
  const seen: number[] = []
  let cursor = ''
  for (let page = 0; page < 3; page++) {
    const { creatives, next_cursor: next } = await list(app, session, `${february}&limit=2${cursor}`)
    seen.push(...creatives.map(({ id }) => id))
    t.equal(next === null, page === 2)
    cursor = `&cursor=${next}`
    // Before the position of the cursor, and on its day; the last shown creative is deleted.
    await seed('2030-02-01')
    await ask(app, session, `/creatives/${seen.at(-1)}`, { method: 'DELETE' })
  }
  t.same(seen, [3, 2, 1, 4, 5])
})

t.test('92 days are listed, and other ranges are refused', async (t) => {
  const app = await build(t)
  const session = await signUp(app)
  const cursor = Buffer.from('2030-03-01 7').toString('base64url')
  const draft = Buffer.from('draft 7').toString('base64url')
  for (const query of ['?from=2030-01-01&to=2030-04-02', '?from=2032-01-01&to=2032-04-01', '?from=2030-01-01&to=2030-01-01']) {
    t.equal((await ask(app, session, `/scheduled${query}`)).statusCode, 200, query)
  }
  for (const [query, message] of [
    ['?from=2030-01-01&to=2030-04-03', /field "to" must be at most 92 days/],
    ['?from=2032-01-01&to=2032-04-02', /at most 92 days/],
    ['?from=2030-02-02&to=2030-02-01', /field "from" must not be after "to"/],
    ['?from=2030-02-01', /field "to" is required/],
    ['?to=2030-02-01', /field "from" is required/],
    ['?from=2030-02-30&to=2030-03-01', /calendar date/],
    ['?from=2030-2-1&to=2030-03-01', /field "from"/],
    ['?from=&to=2030-03-01', /field "from"/],
    [`${february}&tz=UTC`, /field "tz" decides which date is today/],
    [`${february}&cursor=${cursor}`, /not a next_cursor/],
    [`${february}&cursor=${draft}`, /not a next_cursor/],
    [`${february}&cursor=x`, /not a next_cursor/],
    [`${february}&limit=501`, /limit/],
    [`${february}&owner=you`, /owner/]
  ] as const) {
    const response = await ask(app, session, `/scheduled${query}`)
    t.match([response.statusCode, response.json()], [400, { code: 'CHR_VALIDATION', error: message }], query)
  }
})
