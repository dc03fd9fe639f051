import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { createCreative, creativeForm, pathOf } from '../support/forms.ts'
import { serviceUrl } from '../support/databases.ts'
import { build, createClock, createPhone, postJson, readCode, signUp, type Session } from '../support/helper.ts'
import { storedFiles } from '../support/traces.ts'

async function requestAs (
  app: FastifyInstance, { authorization }: { authorization: string }, method: 'GET' | 'PATCH' | 'DELETE', url = '/me', payload?: object
) {
  const response = await app.inject({ method, url, headers: { authorization }, ...(payload === undefined ? {} : { payload }) })
  return { status: response.statusCode, body: response.json() }
}

t.test('GET /me returns the signed-in user', async (t) => {
  const app = await build(t)
  const session = await signUp(app)
  t.match(await requestAs(app, session, 'GET'), {
    status: 200,
    body: {
      data: {
        id: session.userId, name: 'Asha', phone_number: session.phone, version: 1, time_zone: null, language: 'en', is_test: false
      }
    }
  })
  t.equal((await app.inject({ url: '/me' })).statusCode, 401)
})

t.test('GET /me tells the current end of the session, which use extends', async (t) => {
  const clock = createClock(Date.parse('2030-01-01T00:00:00Z'))
  const app = await build(t, { clock })
  const session = await signUp(app)
  clock.advance(86_400_000)
  await requestAs(app, session, 'GET')
  await app.tokens.activity.flush()
  t.match((await requestAs(app, session, 'GET')).body, {
    session: { id: Number, expires_at: '2030-02-01T00:00:00.000Z', ends_at: '2030-04-01T00:00:00.000Z' }
  })
})

t.test('PATCH /me changes the given fields and increments the version', async (t) => {
  const app = await build(t)
  const session = await signUp(app)
  t.match(await requestAs(app, session, 'PATCH', '/me', { name: '  Ashalata ', version: 1 }), {
    status: 200, body: { data: { name: 'Ashalata', version: 2, time_zone: null } }
  })
  t.match(await requestAs(app, session, 'PATCH', '/me', { time_zone: 'Asia/Kolkata', version: 2 }), {
    status: 200, body: { data: { name: 'Ashalata', version: 3, time_zone: 'Asia/Kolkata' } }
  })
  t.match(await requestAs(app, session, 'PATCH', '/me', { time_zone: null, version: 3 }), {
    status: 200, body: { data: { version: 4, time_zone: null } }
  })
})

t.test('a request with a version other than the current one changes nothing and gets the current state', async (t) => {
  const app = await build(t)
  const session = await signUp(app)
  await requestAs(app, session, 'PATCH', '/me', { name: 'Usha', version: 1 })
  for (const version of [1, 3]) {
    t.match(await requestAs(app, session, 'PATCH', '/me', { name: 'Mallory', version }), {
      status: 409,
      body: { code: 'CHR_VERSION_CONFLICT', error: String, request_id: String, current: { id: session.userId, name: 'Usha', version: 2 } }
    })
  }
})

t.test('one of 20 concurrent changes with the same version is applied', async (t) => {
  const app = await build(t)
  const session = await signUp(app)
  const responses = await Promise.all(Array.from({ length: 20 }, async (_none, index) => await requestAs(app, session, 'PATCH', '/me', {
    name: `Asha ${index}`, version: 1
  })))
  t.same(responses.map(({ status }) => status).sort(), [200, ...Array(19).fill(409)])
})

t.test('an invalid name, time zone or version is refused and changes nothing', async (t) => {
  const app = await build(t)
  const session = await signUp(app)
  const bodies: Array<[object, string]> = [
    [{}, 'CHR_VALIDATION'], [{ name: 'Usha' }, 'CHR_VALIDATION'], [{ name: '\u200b', version: 1 }, 'CHR_VALIDATION'],
    [{ name: '\u202eAsha', version: 1 }, 'CHR_VALIDATION'],
    [{ name: 'a'.repeat(101), version: 1 }, 'CHR_VALIDATION'], [{ time_zone: 'Mars/Phobos', version: 1 }, 'CHR_TIME_ZONE_UNKNOWN'],
    [{ time_zone: '', version: 1 }, 'CHR_VALIDATION'], [{ version: '1' }, 'CHR_VALIDATION'],
    [{ version: 0 }, 'CHR_VALIDATION'], [{ version: 2 ** 31 }, 'CHR_VALIDATION'],
    [{ version: 1, phone_number: createPhone() }, 'CHR_VALIDATION'], [{ version: 1, is_test: true }, 'CHR_VALIDATION']
  ]
  for (const [body, code] of bodies) {
    t.match(await requestAs(
      app, session, 'PATCH', '/me', body
    ), { status: 400, body: { code } }, JSON.stringify(body))
  }
  t.match(await requestAs(app, session, 'GET'), { body: { data: { name: 'Asha', version: 1 } } })
})

t.test('"today" is the current day in the time zone of the user, unless the request names another zone', async (t) => {
  const app = await build(t, { clock: createClock(Date.parse('2030-01-09T20:00:00Z')) })
  const session = await signUp(app)
  await createCreative(app, session, creativeForm({ date: '2030-01-10' }))
  const today = async (query = '') => (await requestAs(app, session, 'GET', `/scheduled${query}`)).body.scheduled_creatives.today.length
  t.equal(await today(), 0)
  await requestAs(app, session, 'PATCH', '/me', { time_zone: 'Asia/Kolkata', version: 1 })
  t.equal(await today(), 1)
  t.equal(await today('?tz=UTC'), 0)
})

for (const [where, env] of [['in memory', {}], ['in Redis', { REDIS_URL: serviceUrl('TEST_REDIS_URL') }]] as const) {
  t.test(`DELETE /me deletes all data of the user and resets no rate limit (${where})`, async (t) => {
    const app = await build(t, { env: { ...env, LIMIT_SENDS_PER_PHONE_HOUR: '2' } })
    const session = await signUp(app)
    const other = await signUp(app)
    const { creative_url: link } = await createCreative(app, session, creativeForm({}))
    await createCreative(app, other, creativeForm({}))
    t.equal((await storedFiles(app)).length, 6, 'each image has three variants')
    await postJson(app, '/login', { phone_number: session.phone })
    const otp = await readCode(app, session.phone, 2)
    t.match(await requestAs(app, session, 'DELETE'), { status: 200, body: { success: true } })
    t.equal((await app.inject({ url: '/me', headers: { authorization: session.authorization } })).statusCode, 401)
    t.equal((await app.inject({ url: pathOf(link) })).statusCode, 404)
    t.equal((await storedFiles(app)).length, 3)
    for (const table of [
      'users', 'tokens', 'creatives', 'images', 'usages', 'device_tokens'
    ]) t.equal((await app.pg.pool.query(`select from ${table}`)).rowCount, 1, table)
    t.match(await postJson(app, '/verify', {
      name: 'Asha', phone_number: session.phone, otp
    }), { status: 401 }, 'the pending code is refused')
    t.match(await postJson(app, '/signup', { name: 'Asha', phone_number: session.phone }), {
      status: 429, body: { code: 'CHR_RATE_LIMITED' }
    }, 'earlier SMS still count')
    t.equal((await requestAs(app, other, 'GET')).status, 200)
  })
}

t.test('deleting an account requires a login within the last ten minutes', async (t) => {
  const clock = createClock()
  const app = await build(t, { clock })
  const session = await signUp(app)
  clock.advance(601_000)
  t.match(await requestAs(app, session, 'DELETE'), { status: 403, body: { code: 'CHR_REAUTHENTICATE' } })
  t.equal((await requestAs(app, session, 'GET')).status, 200)
})

t.test('deleting an account revokes the code of a pending phone change', async (t) => {
  const app = await build(t)
  const session = await signUp(app)
  const phone = createPhone()
  await app.inject({
    method: 'POST',
    url: '/me/phone-number',
    headers: { authorization: session.authorization },
    payload: { phone_number: phone }
  })
  const revoked = t.capture(app.otp, 'revokeChange', app.otp.revokeChange)
  t.equal((await requestAs(app, session, 'DELETE')).status, 200)
  t.equal(revoked().length, 1)
  t.match(await postJson(app, '/login', { phone_number: phone }), {
    status: 429, headers: { 'retry-after': '30' }
  }, 'the resend cooldown of the new number stays, since the number may belong to another person')
})

t.test('deleting and cancelling refuse a body, and accept a content type without a body', async (t) => {
  const app = await build(t)
  const session = await signUp(app)
  const headers = { authorization: session.authorization, 'content-type': 'application/json' }
  const send = async (url: string, payload?: object) => await app.inject({
    method: 'DELETE', url, headers, ...(payload === undefined ? {} : { payload })
  })
  t.match(await send('/me', { confirm: false }), { statusCode: 400 })
  t.match(await send('/me/phone-number/pending', { confirm: false }), { statusCode: 400 })
  t.equal((await requestAs(app, session, 'GET')).status, 200, 'the account still exists')
  t.match(await send('/me/phone-number/pending'), { statusCode: 404 })
  t.match(await send('/me'), { statusCode: 200 })
})

t.test('a code that is sent while its account is deleted is revoked, and a failure to revoke it is logged', async (t) => {
  const app = await build(t)
  const [first, second] = [await signUp(app), await signUp(app)]
  const { clear } = app.phoneChange
  t.intercept(app.phoneChange, 'clear', {
    value: async (userId: number) => {
      await clear(userId)
      await postJson(app, '/login', { phone_number: userId === first.userId ? first.phone : second.phone })
    }
  })
  t.equal((await requestAs(app, first, 'DELETE')).status, 200)
  const otp = await readCode(app, first.phone, 2)
  t.match(await postJson(app, '/verify', { phone_number: first.phone, name: 'Mallory', otp }), {
    status: 401, body: { code: 'CHR_OTP_INVALID' }
  })

  const { revoke } = app.otp
  let calls = 0
  t.intercept(app.otp, 'revoke', {
    value: async (phone: string) => {
      if (++calls > 1) throw new Error('Redis is gone')
      await revoke(phone)
    }
  })
  const errors: unknown[] = []
  t.intercept(app.log, 'error', { value: (...args: unknown[]) => { errors.push(args[1]) } })
  t.equal((await requestAs(app, second, 'DELETE')).status, 200)
  t.same(errors, ['a code of a deleted account could not be revoked'])
})

t.test('an account is deleted even if its image cannot be deleted', async (t) => {
  const app = await build(t)
  const session = await signUp(app)
  await createCreative(app, session, creativeForm({}))
  t.intercept(app.blobs, 'delete', { value: async () => { throw new Error('the disk is gone') } })
  t.equal((await requestAs(app, session, 'DELETE')).status, 200)
  t.equal((await app.pg.pool.query('select from users')).rowCount, 0)
})

t.test('calls for an account that was deleted in the meantime are refused as unauthenticated', async (t) => {
  const app = await build(t)
  const { userId } = await signUp(app)
  await app.accounts.delete(userId)
  const calls: Array<() => Promise<unknown>> = [
    async () => await app.accounts.get(userId),
    async () => { await app.accounts.delete(userId) },
    async () => await app.accounts.update(userId, { name: 'Asha', version: 1 })
  ]
  for (const call of calls) await t.rejects(async () => { await call() }, { code: 'CHR_UNAUTHENTICATED' })
})

t.test('GET /me/export returns all stored data of the user, without secrets', async (t) => {
  const app = await build(t)
  const session: Session = await signUp(app)
  const pending = createPhone()
  await createCreative(app, session, creativeForm({}))
  await createCreative(app, await signUp(app), creativeForm({}))
  await app.inject({
    method: 'POST',
    url: '/me/phone-number',
    headers: { authorization: session.authorization },
    payload: { phone_number: pending }
  })
  const { status, body } = await requestAs(app, session, 'GET', '/me/export')
  t.equal(status, 200)
  t.match(body, {
    exported_at: /Z$/,
    user: { id: session.userId, phone_number: session.phone, name: 'Asha' },
    sessions: [{ id: Number, created_at: /Z$/, last_used_at: /Z$/, expires_at: /Z$/, address: '127.0.0.x' }],
    devices: [{ created_at: /Z$/, expires_at: /Z$/ }],
    pending_phone_change: { phone_number: pending, requested_at: /Z$/ },
    creatives: [{ id: Number, creative_url: /signature=/ }]
  })
  t.equal(body.creatives.length, 1)
  for (const secret of [session.token, session.deviceToken]) t.notOk(JSON.stringify(body).includes(secret))
})
