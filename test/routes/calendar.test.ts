import ICAL from 'ical.js'
import t, { type Test } from 'tap'
import { ask, seedCreative } from '../support/creatives.ts'
import { pathOf } from '../support/forms.ts'
import { build, createClock, signUp } from '../support/helper.ts'

const noon = Date.parse('2030-03-10T12:00:00Z')

async function arrange (t: Test, env: Record<string, string> = {}) {
  const app = await build(t, { clock: createClock(noon), env: { PUBLIC_URL: 'https://share.example', ...env } })
  const session = await signUp(app)
  const { url } = (await ask(app, session, '/me/calendar-feed', { method: 'POST' })).json<{ url: string }>()
  return { app, session, url, read: async (headers: Record<string, string> = {}) => await app.inject({ url: pathOf(url), headers }) }
}

const parseEvents = (text: string) => new ICAL.Component(ICAL.parse(text)).getAllSubcomponents('vevent')
  .map((component) => new ICAL.Event(component))

const commentOf = (text: string) => new ICAL.Component(ICAL.parse(text)).getFirstPropertyValue('comment')

t.test('the feed is a calendar of all-day events, one for each dated creative of the caller', async (t) => {
  const { app, session, url, read } = await arrange(t)
  t.match(url, /^https:\/\/share\.example\/calendar\.ics\?key=[\w-]{43}$/)
  await seedCreative(app, {
    ownerId: session.userId, date: '2030-03-10', title: 'Holi, colours; \\ and more', altText: 'Two people\nthrow colours'
  })
  await seedCreative(app, { ownerId: session.userId, date: '2031-12-31' })
  await seedCreative(app, { ownerId: session.userId, date: null })
  await seedCreative(app, { ownerId: (await signUp(app)).userId, date: '2030-03-10' })
  await seedCreative(app, { ownerId: session.userId, date: '2030-03-11' })
  await app.pg.pool.query('update creatives set deleted_at = now() where id = 5')
  await app.pg.pool.query("update creatives set version = 7, created_at = '2030-02-01T10:00:00Z', updated_at = '2030-03-01T10:00:00Z'")
  const response = await read()
  t.match(response, {
    statusCode: 200,
    headers: {
      'content-type': 'text/calendar; charset=utf-8',
      'cache-control': 'private, max-age=300',
      'content-disposition': 'inline; filename="cheershare.ics"',
      etag: /^"[\w-]{43}"$/
    }
  })
  const [holi, eve, ...rest] = parseEvents(response.body)
  t.equal(rest.length, 0)
  t.match([holi?.uid, holi?.summary, holi?.description, holi?.sequence], [
    'creative-1@share.example', 'Holi, colours; \\ and more', 'Two people\nthrow colours', 7
  ])
  t.match([holi?.startDate.isDate, holi?.startDate.toString(), holi?.endDate.toString()], [true, '2030-03-10', '2030-03-11'])
  for (const [name, value] of [
    ['dtstamp', '2030-03-01T10:00:00Z'], ['last-modified', '2030-03-01T10:00:00Z'], ['created', '2030-02-01T10:00:00Z']
  ] as const) {
    t.equal(String(holi?.component.getFirstPropertyValue(name)), value, name)
  }
  t.match([eve?.summary, eve?.endDate.toString()], ['Creative 2', '2032-01-01'])
  t.notMatch(response.body, /signature=/, 'the feed has no image links, because they would expire before a reader opens them')
})

t.test('a title cannot end an event or start another one', async (t) => {
  const { app, session, read } = await arrange(t)
  const titles = [
    'a\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:evil',
    'b\rATTACH:https://evil.example',
    'c\u2028X:1\u0085Y:2',
    `${'é🎉'.repeat(50)}`,
    '\\n\\,',
    '  ',
    'x'.repeat(76)
  ]
  for (const title of titles) await seedCreative(app, { ownerId: session.userId, date: '2030-03-10', title })
  const { body } = await read()
  const events = parseEvents(body)
  t.same(events.map(({ uid }) => uid), titles.map((_title, index) => `creative-${index + 1}@share.example`))
  const lines = body.split('\r\n')
  t.same(lines.filter((line) => /^(ATTACH|UID:evil|X:|Y:)|[\r\n]/.test(line)), [])
  t.same(lines.filter((line) => Buffer.byteLength(line) > 75), [])
  t.equal(events[4]?.summary, '\\n\\,')
})

t.test('the feed starts a year ago', async (t) => {
  const { app, session, read } = await arrange(t)
  for (const date of ['2029-03-08', '2029-03-09', '2030-03-09', '2030-03-10', '2099-12-31']) {
    await seedCreative(app, { ownerId: session.userId, date })
  }
  const { body } = await read()
  t.same(parseEvents(body).map(({ startDate }) => startDate.toString()), ['2029-03-09', '2030-03-09', '2030-03-10', '2099-12-31'])
  t.equal(commentOf(body), null)
})

t.test('a full feed keeps the next creatives and then the latest past ones, and names what it omits', async (t) => {
  const { app, session, read } = await arrange(t)
  const seed = async (from: string, count: number) => await app.pg.pool.query(`
    insert into creatives (user_id, creative_url, scheduled_at, content_type, byte_count, sha256, source_sha256, width, height, frame_count, dominant_color, thumb_hash, removed)
    select $1, gen_random_uuid()::text, $2::date + n / 10, 'image/png', 1, '', '', 1, 1, 1, '', '', '{}'
    from generate_series(0, $3::integer - 1) as n`, [session.userId, from, count])
  const show = async () => {
    const { body } = await read()
    const dates = parseEvents(body).map(({ startDate }) => startDate.toString())
    t.same(dates, [...dates].sort())
    return [dates.length, dates[0], dates.at(-1), commentOf(body)]
  }
  await seed('2029-08-01', 2000)
  t.same(await show(), [2000, '2029-08-01', '2030-02-16', null])
  await seed('2030-03-10', 25)
  t.same(await show(), [
    2000, '2029-08-03', '2030-03-12', 'Creatives are omitted until 2029-08-03, because a feed has a maximum of events.'
  ])
  await seed('2030-03-13', 1980)
  t.same(await show(), [
    2000, '2030-03-10', '2030-09-26',
    'Creatives are omitted until 2030-02-16 and from 2030-09-26 on, because a feed has a maximum of events.'
  ])
})

t.test('an unchanged feed has the same ETag and answers If-None-Match with 304', async (t) => {
  const { app, session, read } = await arrange(t)
  await seedCreative(app, { ownerId: session.userId })
  const first = await read()
  const again = await read({ 'if-none-match': String(first.headers.etag) })
  t.match([again.statusCode, again.body, again.headers.etag], [304, '', first.headers.etag])
  await app.pg.pool.query('update creatives set version = 2')
  t.equal((await read({ 'if-none-match': String(first.headers.etag) })).statusCode, 200)
  t.match(await app.inject({
    method: 'HEAD', url: pathOf((await ask(app, session, '/me/calendar-feed', { method: 'POST' })).json().url)
  }), { statusCode: 200, body: '' })
})

t.test('feeds have the same ETag if and only if they show the same', async (t) => {
  const { app, session, read } = await arrange(t)
  for (const date of ['2030-03-11', '2030-03-12']) await seedCreative(app, { ownerId: session.userId, date })
  const { pool } = app.pg
  const tags = new Map<string, string>()
  for (const change of [
    "update creatives set title = 'Diwali', version = version + 1 where id = 1",
    "update creatives set scheduled_at = '2030-03-13', version = version + 1 where id = 2",
    'update creatives set deleted_at = now() where id = 1',
    'update creatives set deleted_at = case id when 2 then now() end',
    'update creatives set deleted_at = null',
    'update creatives set is_damaged = true where id = 1',
    'update creatives set is_damaged = (id = 2)'
  ]) {
    await pool.query(change)
    const { headers, body } = await read()
    const sameText = [...tags].filter(([, text]) => text === body).map(([tag]) => tag)
    t.same(sameText, tags.has(String(headers.etag)) ? [headers.etag] : [], change)
    tags.set(String(headers.etag), body)
  }
  t.equal(tags.size, 4)
  const before = (await read()).headers.etag
  await seedCreative(app, { ownerId: session.userId, date: null })
  await seedCreative(app, { ownerId: (await signUp(app)).userId, date: '2030-03-11' })
  t.equal((await read()).headers.etag, before)
})

t.test('a new key replaces the old one, DELETE revokes both, and GET shows the creation time but never the key', async (t) => {
  const { app, session, url, read } = await arrange(t)
  const state = async () => (await ask(app, session, '/me/calendar-feed')).json()
  t.same(await state(), { calendar_feed: { created_at: '2030-03-10T12:00:00.000Z' } })
  t.equal((await read()).statusCode, 200)
  const second = (await ask(app, session, '/me/calendar-feed', { method: 'POST' })).json<{ url: string }>().url
  t.not(second, url)
  t.equal((await read()).statusCode, 404)
  t.equal((await app.inject({ url: pathOf(second) })).statusCode, 200)
  t.match(await ask(app, session, '/me/calendar-feed', { method: 'DELETE' }), { statusCode: 204, body: '' })
  t.equal((await app.inject({ url: pathOf(second) })).statusCode, 404)
  t.same(await state(), { calendar_feed: null })
  t.equal((await ask(app, session, '/me/calendar-feed', { method: 'DELETE' })).statusCode, 404)
  for (const method of ['GET', 'POST', 'DELETE'] as const) t.equal((await app.inject({ method, url: '/me/calendar-feed' })).statusCode, 401)
  t.equal((await ask(app, session, '/me/calendar-feed', { method: 'POST', payload: { key: 'mine' } })).statusCode, 400)
})

t.test('one feed stays valid when 20 are created concurrently', async (t) => {
  const { app, session } = await arrange(t)
  const urls = await Promise.all(
    Array.from({ length: 20 }, async () => (await ask(app, session, '/me/calendar-feed', { method: 'POST' })).json<{ url: string }>().url)
  )
  const statuses = await Promise.all(urls.map(async (url) => (await app.inject({ url: pathOf(url) })).statusCode))
  t.same(statuses.sort(), [200, ...Array(19).fill(404)])
})

t.test('all invalid keys get the same response, and only a hash of a key is stored', async (t) => {
  const { app, url } = await arrange(t)
  const key = new URL(url).searchParams.get('key') ?? ''
  const responses = new Set()
  for (const query of [
    '',
    '?',
    '?key=',
    `?key=${key.slice(1)}`,
    `?key=${key}A`,
    `?key=${key.toLowerCase()}x`,
    `?key=${'A'.repeat(43)}`,
    `?key=${'A'.repeat(5000)}`,
    '?key=%00',
    `?token=${key}`
  ]) {
    const { statusCode, body, headers } = await app.inject({ url: `/calendar.ics${query}` })
    responses.add(JSON.stringify([statusCode, { ...JSON.parse(body), request_id: '' }, Object.keys(headers)]))
  }
  t.equal(responses.size, 1)
  t.match([...responses][0], /CHR_NOT_FOUND/)
  t.equal((await app.inject({ url: `/calendar.ics?key=${key}&cachebuster=1` })).statusCode, 200, 'clients may add parameters of their own')
  const { rows } = await app.pg.pool.query('select encode(hash, \'escape\') as hash, user_id from calendar_feeds')
  t.equal(rows.length, 1)
  t.notOk(JSON.stringify(rows).includes(key))
})

t.test('the feed is deleted with the account', async (t) => {
  const { app, session, read } = await arrange(t)
  t.equal((await ask(app, session, '/me', { method: 'DELETE' })).statusCode, 200)
  t.equal((await read()).statusCode, 404)
  t.equal((await app.pg.pool.query('select from calendar_feeds')).rowCount, 0)
  await t.rejects(app.calendarFeeds.create(session.userId), { code: 'CHR_UNAUTHENTICATED' })
  await app.pg.pool.query('drop table calendar_feeds')
  await t.rejects(app.calendarFeeds.create(session.userId), { code: '42P01' })
})
