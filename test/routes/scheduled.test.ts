import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { ask, seedCreative } from '../support/creatives.ts'
import { createCreative, creativeForm, pathOf, type UploadedCreative } from '../support/forms.ts'
import { build, createClock, signUp, type Session } from '../support/helper.ts'
import { createCluster } from '../support/instances.ts'

interface Schedule {
  scheduled_creatives: { today: UploadedCreative[], tomorrow: UploadedCreative[] }
  dates: { today: string, tomorrow: string, time_zone: string }
  next_cursor: string | null
}

const hourMs = 3_600_000

async function list (app: FastifyInstance, session: Session, query = ''): Promise<Schedule> {
  const response = await ask(app, session, `/scheduled${query}`)
  if (response.statusCode !== 200) throw new Error(response.body)
  return response.json<Schedule>()
}

const toIds = ({ scheduled_creatives: { today, tomorrow } }: Schedule) => [today, tomorrow].map(
  (creatives) => creatives.map(({ id }) => id)
)

async function seed (app: FastifyInstance, { userId }: Session, dates: ReadonlyArray<string | null>): Promise<void> {
  for (const date of dates) await seedCreative(app, { ownerId: userId, date })
}

t.test('GET /scheduled lists the creatives of today and tomorrow, newest first, with the two dates', async (t) => {
  const clock = createClock(Date.parse('2030-02-28T12:00:00Z'))
  const app = await build(t, { clock, env: { TOKEN_TTL_SECONDS: '864000' } })
  const session = await signUp(app)
  const dates = { today: '2030-02-28', tomorrow: '2030-03-01', time_zone: 'UTC' }
  t.same(await list(app, session), { scheduled_creatives: { today: [], tomorrow: [] }, dates, next_cursor: null })
  const uploaded = await createCreative(app, session, creativeForm({ date: '2030-02-28' }))
  await seed(app, session, ['2030-03-01', '2030-03-02', '2030-02-28', '2030-03-01', null])
  const schedule = await list(app, session)
  t.same(toIds(schedule), [[4, 1], [5, 2]])
  t.has(uploaded, schedule.scheduled_creatives.today[1], 'the list has the fields of the upload reply, with the same links within the hour')
  clock.advance(24 * hourMs)
  t.same(toIds(await list(app, session)), [[5, 2], [3]])
  clock.advance(24 * hourMs)
  t.same(toIds(await list(app, session)), [[3], []])
})

t.test('today is the date in the time zone of the request, with that of the user and then of the service as fallback', async (t) => {
  const clock = createClock(Date.parse('2030-01-01T20:00:00Z'))
  const app = await build(t, { clock, env: { DEFAULT_TIME_ZONE: 'Asia/Kolkata' } })
  const session = await signUp(app)
  await seed(app, session, ['2030-01-01', '2030-01-02', '2030-01-03'])
  const early = { ids: [[1], [2]], today: '2030-01-01' }
  const late = { ids: [[2], [3]], today: '2030-01-02' }
  const expect = async (query: string, { ids, today }: typeof early, zone: string) => {
    const schedule = await list(app, session, query)
    t.same(toIds(schedule), ids, zone)
    t.match(schedule.dates, { today, time_zone: zone })
  }
  await expect('', late, 'Asia/Kolkata')
  await expect('?tz=UTC', early, 'UTC')
  await expect('?tz=Asia/Kolkata', late, 'Asia/Kolkata')
  await ask(app, session, '/me', { method: 'PATCH', payload: { time_zone: 'America/Los_Angeles', version: 1 } })
  await expect('', early, 'America/Los_Angeles')
  await expect('?tz=Pacific/Auckland', late, 'Pacific/Auckland')
  await ask(app, session, '/me', { method: 'PATCH', payload: { time_zone: 'Pacific/Auckland', version: 2 } })
  await expect('', late, 'Pacific/Auckland')
  clock.advance(5 * hourMs)
  await expect('?tz=America/Los_Angeles', early, 'America/Los_Angeles')
  await expect('?tz=UTC', late, 'UTC')
  for (const zone of ['+05:30', 'Mars/Phobos', 'UTC; drop']) {
    t.match(await ask(app, session, `/scheduled?tz=${encodeURIComponent(zone)}`), {
      statusCode: 400, body: /CHR_TIME_ZONE_UNKNOWN/
    }, zone)
  }
})

t.test('the list takes one statement, or two when the date of the viewer differs from that of the service', async (t) => {
  const clock = createClock(Date.parse('2030-01-01T12:00:00Z'))
  const app = await build(t, { clock })
  const session = await signUp(app)
  await ask(app, session, '/me', { method: 'PATCH', payload: { time_zone: 'Asia/Kolkata', version: 1 } })
  const statements = async (query: string) => {
    const executed = t.capture(app.pg.pool, 'connect', app.pg.pool.connect)
    await list(app, session, query)
    executed.restore()
    // One statement loads the token.
    return executed().length - 1
  }
  t.equal(await statements(''), 1)
  t.equal(await statements('?tz=Pacific/Auckland'), 1)
  clock.advance(8 * hourMs)
  t.equal(await statements(''), 2)
})

t.test('users see all creatives when the schedule is shared, and only their own when it is private', async (t) => {
  const { start } = await createCluster(t)
  const clock = createClock(Date.parse('2030-01-10T12:00:00Z'))
  const [shared, closed] = [await start({}, clock), await start({ SCHEDULE_VISIBILITY: 'private' }, clock)]
  const [first, second] = [await signUp(shared), await signUp(shared)]
  await seed(shared, first, ['2030-01-10'])
  await seed(shared, second, ['2030-01-10'])
  t.same(toIds(await list(shared, first)), [[2, 1], []])
  t.same(toIds(await list(shared, first, '?owner=me')), [[1], []])
  t.same(toIds(await list(closed, first)), [[1], []])
  t.same(toIds(await list(closed, second)), [[2], []])
  t.same(toIds(await list(closed, second, '?owner=me')), [[2], []])
  const { scheduled_creatives: { today: [creative] } } = await list(shared, second, '?owner=me')
  t.equal((await shared.inject({ url: pathOf(creative?.creative_url ?? '') })).statusCode, 200, 'the link works without a token')
})

t.test('deleted creatives and drafts are not listed, and the response must not be cached', async (t) => {
  const app = await build(t, { clock: createClock(Date.parse('2030-01-10T12:00:00Z')) })
  const session = await signUp(app)
  await seed(app, session, ['2030-01-10', null])
  await app.pg.pool.query('update creatives set deleted_at = now() where id = 1')
  const response = await ask(app, session, '/scheduled')
  t.same(toIds(response.json()), [[], []])
  t.match(response.headers, { vary: 'Authorization', 'cache-control': 'no-store' })
})
