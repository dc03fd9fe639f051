import t, { type Test } from 'tap'
import { ask, seedCreative } from '../../support/creatives.ts'
import { build, createClock, signUp } from '../../support/helper.ts'

async function arrange (t: Test, start = '2030-01-09T12:00:00Z') {
  const clock = createClock(Date.parse(start))
  const app = await build(t, { clock, env: { TOKEN_TTL_SECONDS: '864000' } })
  const session = await signUp(app)
  const { id } = await seedCreative(app, { ownerId: session.userId, title: 'Holi' })
  const patch = async (payload: object, headers: Record<string, string> = {}) => {
    const response = await ask(app, session, `/creatives/${id}`, { method: 'PATCH', payload, headers })
    return { status: response.statusCode, body: response.json(), etag: response.headers.etag }
  }
  return { app, clock, session, id, patch }
}

t.test('PATCH changes the given fields and increments the version', async (t) => {
  const { app, session, id, patch } = await arrange(t)
  const get = await ask(app, session, `/creatives/${id}`)
  t.match(get, { statusCode: 200, headers: { etag: '"1"', 'cache-control': 'no-store' } })
  t.match(get.json().creative, { id, title: 'Holi', alt_text: null, scheduled_at: '2030-01-10', version: 1 })
  t.match(await patch({ title: '  Diwali ', version: 1 }), {
    status: 200,
    etag: '"2"',
    body: { creative: { title: 'Diwali', alt_text: null, scheduled_at: '2030-01-10', version: 2, updated_at: '2030-01-09T12:00:00.000Z' } }
  })
  t.match(await patch({ alt_text: 'A lamp', scheduled_at: '2030-01-12' }, { 'if-match': '"2"' }), {
    status: 200, etag: '"3"', body: { creative: { title: 'Diwali', alt_text: 'A lamp', scheduled_at: '2030-01-12', version: 3 } }
  })
  t.match(await patch({ title: null, alt_text: '', scheduled_at: null, version: 3 }, { 'if-match': '*' }), {
    status: 200, body: { creative: { title: null, alt_text: null, scheduled_at: null, version: 4 } }
  })
  t.match(await patch({ alt_text: 'Two lamps', version: 4 }), { status: 200, body: { creative: { alt_text: 'Two lamps' } } })
  t.match(await patch({ alt_text: null, version: 5 }), { status: 200, body: { creative: { alt_text: null } } })
  t.match(await patch({ scheduled_at: '2030-01-09', version: 6 }), {
    status: 200, body: { creative: { scheduled_at: '2030-01-09' } }
  }, 'a draft gets a date')
})

t.test('a request with a version other than the current one changes nothing and gets the current state', async (t) => {
  const { app, session, id, patch } = await arrange(t)
  await patch({ title: 'Diwali', version: 1 })
  const current = { id, title: 'Diwali', version: 2, creative_url: /signature=/ }
  for (const version of [1, 3]) {
    t.match(await patch({ title: 'Mallory', version }), {
      status: 409, body: { code: 'CHR_VERSION_CONFLICT', current }
    })
  }
  for (const tag of ['"1"', '"3"', 'W/"2"', '2', '"1", "3"', '']) {
    t.match(await patch({ title: 'Mallory' }, { 'if-match': tag }), {
      status: 412, body: { code: 'CHR_PRECONDITION_FAILED', current }
    }, tag)
  }
  t.match(await patch({ title: 'Mallory', version: 2 }, { 'if-match': '"1"' }), { status: 412 }, 'version and If-Match must both match')
  t.match(await patch({ title: 'Mallory', version: 1 }, { 'if-match': '"2"' }), { status: 409 })
  t.match((await ask(app, session, `/creatives/${id}`)).json(), { creative: { title: 'Diwali', version: 2 } })
  t.match(await patch({ title: 'Usha' }, { 'if-match': '"1", "2"' }), { status: 200 })
})

t.test('one of 20 concurrent changes with the same version is applied, and all of 20 with "If-Match: *" are', async (t) => {
  const { patch } = await arrange(t)
  const race = async (change: (index: number) => Promise<{ status: number }>) => (await Promise.all(
    Array.from({ length: 20 }, async (_none, index) => await change(index))
  )).map(({ status }) => status).sort()
  t.same(await race(async (index) => await patch({ title: `Holi ${index}`, version: 1 })), [200, ...Array(19).fill(409)])
  t.same(await race(async (index) => await patch({ title: `Holi ${index}` }, { 'if-match': '"2"' })), [200, ...Array(19).fill(412)])
  t.same(await race(async (index) => await patch({ title: `Holi ${index}` }, { 'if-match': '*' })), Array(20).fill(200))
  t.match(await patch({ version: 23 }), { status: 200 }, 'each change incremented the version')
})

t.test('past dates are refused in the time zone of the request, with that of the user and then of the service as fallback', async (t) => {
  // It is already the 10th in Kolkata.
  const { app, session, patch } = await arrange(t, '2030-01-09T20:00:00Z')
  const patchCode = async (payload: object) => (await patch(payload)).body.code
  t.equal(await patchCode({ scheduled_at: '2030-01-08', version: 1 }), 'CHR_DATE_PAST')
  t.equal(await patchCode({ scheduled_at: '2030-01-09', tz: 'Asia/Kolkata', version: 1 }), 'CHR_DATE_PAST')
  await ask(app, session, '/me', { method: 'PATCH', payload: { time_zone: 'Asia/Kolkata', version: 1 } })
  t.equal(await patchCode({ scheduled_at: '2030-01-09', version: 1 }), 'CHR_DATE_PAST')
  t.match(await patch({ scheduled_at: '2030-01-09', tz: 'UTC', version: 1 }), { status: 200 })
})

t.test('a creative may keep its past date while other fields change', async (t) => {
  const { clock, patch } = await arrange(t)
  clock.advance(5 * 24 * 3_600_000)
  t.match(await patch({ title: 'Past', scheduled_at: '2030-01-10', version: 1 }), {
    status: 200, body: { creative: { scheduled_at: '2030-01-10', title: 'Past' } }
  })
  t.match(await patch({ scheduled_at: '2030-01-11', version: 2 }), { status: 400, body: { code: 'CHR_DATE_PAST' } })
})

t.test('an invalid date, caption or version is refused and changes nothing', async (t) => {
  const { app, session, id, patch } = await arrange(t)
  const bodies: object[] = [
    {}, { title: 'x' }, { version: '1' }, { version: 0 }, { version: 2 ** 31 }, { version: 1, id: 2 }, { version: 1, creative_url: 'x' },
    { version: 1, title: 'a'.repeat(101) }, { version: 1, title: 'a\u202eb' }, { version: 1, title: 7 },
    { version: 1, alt_text: 'a'.repeat(501) }, { version: 1, title: 'a\nb' }, { version: 1, alt_text: 'a\u202eb' },
    { version: 1, scheduled_at: '2030-02-30' }, { version: 1, scheduled_at: 'tomorrow' },
    { version: 1, scheduled_at: '' }, { version: 1, scheduled_at: '2030-01-11', tz: '+05:30' }
  ]
  for (const body of bodies) {
    t.match(await patch(body), {
      status: 400, body: { code: /CHR_(VALIDATION|TIME_ZONE_UNKNOWN)/, error: String }
    }, JSON.stringify(body))
  }
  t.match((await patch({ title: 'x' })).body, { error: /version.*If-Match/ })
  t.match((await ask(app, session, `/creatives/${id}`)).json(), { creative: { title: 'Holi', version: 1 } })
})

t.test('a creative of another user and a deleted creative cannot be changed', async (t) => {
  const { app, id, patch } = await arrange(t)
  const other = await signUp(app)
  t.equal((await ask(app, other, `/creatives/${id}`)).statusCode, 200)
  t.match(await ask(app, other, `/creatives/${id}`, { method: 'PATCH', payload: { title: 'Mine', version: 1 } }), { statusCode: 404 })
  await app.pg.pool.query('update creatives set deleted_at = now()')
  t.match(await patch({ title: 'Gone', version: 1 }), { status: 404 })
  t.equal((await app.inject({ method: 'PATCH', url: `/creatives/${id}`, payload: { version: 1 } })).statusCode, 401)
})
