import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { createCreative, creativeForm, pathOf, type UploadedCreative } from '../forms.ts'
import { build, createClock, signUp, type Session } from '../helper.ts'
import { createCluster } from '../instances.ts'

interface Schedule { today: UploadedCreative[], tomorrow: UploadedCreative[] }

async function listed (app: FastifyInstance, { authorization }: Session, query = ''): Promise<Schedule> {
  const response = await app.inject({ url: `/scheduled${query}`, headers: { authorization } })
  if (response.statusCode !== 200) throw new Error(response.body)
  return response.json<{ scheduled_creatives: Schedule }>().scheduled_creatives
}

const idsOf = ({ today, tomorrow }: Schedule) => [today, tomorrow].map((creatives) => creatives.map(({ id }) => id))

t.test('GET /scheduled shows what is due today and tomorrow, newest first', async (t) => {
  const clock = createClock(Date.parse('2030-02-28T12:00:00Z'))
  const app = await build(t, { clock, env: { TOKEN_TTL_SECONDS: '864000' } })
  const session = await signUp(app)
  t.same(await listed(app, session), { today: [], tomorrow: [] })
  const dates = ['2030-02-28', '2030-03-01', '2030-03-02', '2030-02-28', '2030-03-01']
  const uploads = []
  for (const date of dates) uploads.push(await createCreative(app, session, creativeForm({ date })))
  const schedule = await listed(app, session)
  t.same(idsOf(schedule), [[4, 1], [5, 2]])
  t.same(schedule.today[1], uploads[0], 'as the upload answered it, with the same link within the hour')
  clock.advance(24 * 3_600_000)
  t.same(idsOf(await listed(app, session)), [[5, 2], [3]])
  clock.advance(24 * 3_600_000)
  t.same(idsOf(await listed(app, session)), [[3], []])
})

t.test('the zone says whose day it is', async (t) => {
  const clock = createClock(Date.parse('2030-01-01T20:00:00Z'))
  const app = await build(t, { clock, env: { DEFAULT_TIME_ZONE: 'Asia/Kolkata' } })
  const session = await signUp(app)
  for (const date of ['2030-01-01', '2030-01-02', '2030-01-03']) await createCreative(app, session, creativeForm({ date, tz: 'UTC' }))
  t.same(idsOf(await listed(app, session, '?tz=UTC')), [[1], [2]])
  t.same(idsOf(await listed(app, session, '?tz=Asia/Kolkata')), [[2], [3]])
  t.same(idsOf(await listed(app, session, '?tz=America/Los_Angeles')), [[1], [2]])
  t.same(idsOf(await listed(app, session)), [[2], [3]], 'DEFAULT_TIME_ZONE')
  clock.advance(5 * 3_600_000)
  t.same(idsOf(await listed(app, session, '?tz=America/Los_Angeles')), [[1], [2]])
  t.same(idsOf(await listed(app, session, '?tz=UTC')), [[2], [3]])
})

t.test('tomorrow is the next date where clocks change, not 24 hours on', async (t) => {
  const clock = createClock(Date.parse('2030-11-03T04:30:00Z'))
  const app = await build(t, { clock })
  const session = await signUp(app)
  for (const date of ['2030-11-03', '2030-11-04', '2030-11-05']) await createCreative(app, session, creativeForm({ date }))
  t.same(idsOf(await listed(app, session, '?tz=America/New_York')), [[1], [2]], '00:30 on a day of 25 hours')
})

t.test('everyone sees everyone\'s when the schedule is shared, and only their own when it is private', async (t) => {
  const { start } = await createCluster(t)
  const [shared, closed] = [await start(), await start({ SCHEDULE_VISIBILITY: 'private' })]
  const [first, second] = [await signUp(shared), await signUp(shared)]
  await createCreative(shared, first)
  await createCreative(shared, second)
  t.same(idsOf(await listed(shared, first)), [[2, 1], []])
  t.same(idsOf(await listed(shared, first, '?owner=me')), [[1], []])
  t.same(idsOf(await listed(closed, first)), [[1], []])
  t.same(idsOf(await listed(closed, second)), [[2], []])
  t.same(idsOf(await listed(closed, second, '?owner=me')), [[2], []])
})

t.test('the links of a shared schedule open for every viewer', async (t) => {
  const app = await build(t)
  const [first, second] = [await signUp(app), await signUp(app)]
  await createCreative(app, first)
  const { today: [creative] } = await listed(app, second)
  t.equal((await app.inject({ url: pathOf(creative?.creative_url ?? '') })).statusCode, 200)
})

t.test('limit bounds each day', async (t) => {
  const app = await build(t, { clock: createClock(Date.parse('2030-01-01T12:00:00Z')) })
  const session = await signUp(app)
  const dates = ['2030-01-01', '2030-01-01', '2030-01-01', '2030-01-02', '2030-01-02']
  for (const date of dates) await createCreative(app, session, creativeForm({ date }))
  t.same(idsOf(await listed(app, session, '?limit=2')), [[3, 2], [5, 4]])
  t.same(idsOf(await listed(app, session, '?limit=1&owner=me')), [[3], [5]])
})

t.test('pending creatives are not shown, and the answer is nobody else\'s to keep', async (t) => {
  const app = await build(t)
  const session = await signUp(app)
  await createCreative(app, session)
  await app.pg.pool.query("update creatives set state = 'pending'")
  t.same(await listed(app, session), { today: [], tomorrow: [] })
  const { headers } = await app.inject({ url: '/scheduled', headers: { authorization: session.authorization } })
  t.match(headers, { vary: 'Authorization', 'cache-control': 'no-store' })
})
