import pg from 'pg'
import t from 'tap'
import { ApiError } from '../../../src/http/errors.ts'
import { build, createClock, createPhone, postJson, readCode, shortDeadlines, signUp } from '../../support/helper.ts'
import { tracesOf } from '../../support/traces.ts'

const toWrongCode = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0')

t.test('numbers that cannot receive SMS or whose country is not allowed are refused with the reason', async (t) => {
  const app = await build(t, { env: { SMS_COUNTRIES: 'IN,GB' } })
  const rows = [
    ['+912227571234', 'This number cannot receive SMS. Use a mobile number.'],
    ['+881612345678', 'This number cannot receive SMS. Use a mobile number.'],
    ['+14155550123', 'No SMS are sent to this country (US).']
  ]
  for (const [number, error] of rows) {
    for (const [url, extra] of [['/login', {}], ['/signup', { name: 'Asha' }], ['/verify', { otp: '123456' }]] as const) {
      const reply = await postJson(app, url, { phone_number: number, ...extra })
      t.match(reply, { status: 422, body: { code: 'CHR_PHONE_NOT_ALLOWED', error } }, `${url} ${number}`)
    }
  }
  for (const number of ['+447400123456', createPhone()]) {
    t.equal(
      (await postJson(app, '/login', { phone_number: number })).status, 200, number
    )
  }
})

t.test('national numbers are read as numbers of DEFAULT_REGION', async (t) => {
  const app = await build(t, { env: { DEFAULT_REGION: 'GB' } })
  await postJson(app, '/login', { phone_number: '07400 123456' })
  t.match(await readCode(app, '+447400123456'), /^\d{6}$/)
})

t.test('a real carrier sends SMS only to DEFAULT_REGION unless SMS_COUNTRIES is set', async (t) => {
  const account = { TWILIO_SID: `AC${'0'.repeat(32)}`, TWILIO_API_KEY: 'key', TWILIO_PHONE_NUMBER: '+15005550006' }
  const app = await build(t, { env: { ...account, TWILIO_API_BASE_URL: 'http://127.0.0.1:1', SHUTDOWN_SMS_SECONDS: '0' } })
  t.equal((await postJson(app, '/login', { phone_number: '+447400123456' })).status, 422)
  t.equal((await postJson(app, '/login', { phone_number: createPhone() })).status, 200, 'the response does not wait for the carrier')
})

t.test('a send or a verification during a lockout gets Retry-After of at least one second', async (t) => {
  const clock = createClock(Date.parse('2030-01-01T00:00:00Z'))
  const app = await build(t, { clock })
  const phone = createPhone()
  await postJson(app, '/login', { phone_number: phone })
  const otp = await readCode(app, phone)
  for (let times = 0; times < 5; times++) await postJson(app, '/verify', { phone_number: phone, otp: toWrongCode(otp), name: 'Asha' })
  for (const [advance, retryAfter] of [[0, '30'], [29_001, '1'], [998, '1']] as const) {
    clock.advance(advance)
    for (const [url, extra] of [['/login', {}], ['/verify', { otp }]] as const) {
      const reply = await postJson(app, url, { phone_number: phone, ...extra })
      t.match(reply, { status: 429, body: { code: 'CHR_OTP_LOCKED' }, headers: { 'retry-after': retryAfter } })
    }
  }
  clock.advance(1)
  t.equal((await postJson(app, '/login', { phone_number: phone })).status, 200)
})

t.test('a login whose account is deleted before its session exists gets 503, without a failure or a cooldown', async (t) => {
  const app = await build(t, { clock: createClock() })
  const { phone, userId } = await signUp(app)
  await postJson(app, '/login', { phone_number: phone })
  const otp = await readCode(app, phone, 2)
  const verify = app.otp.verify
  const restore = t.intercept(app.otp, 'verify', {
    value: async (...args: Parameters<typeof verify>) => {
      const outcome = await verify(...args)
      await app.pg.pool.query('delete from users where id = $1', [userId])
      return outcome
    }
  })
  const refusal = await postJson(app, '/verify', { phone_number: phone, otp })
  t.match(refusal, { status: 503, body: { code: 'CHR_UNAVAILABLE' }, headers: { 'retry-after': '1' } })
  restore()
  t.match(await tracesOf(app), { users: 0, tokens: 0 })
  const next = await postJson(app, '/signup', { name: 'Asha', phone_number: phone })
  t.match(next, { status: 200, body: { resend_in: 30 } }, 'the next SMS is sent at once')
  t.equal((await postJson(app, '/verify', { phone_number: phone, otp: await readCode(app, phone, 3) })).status, 200)
})

t.test('a right code is not consumed when the database fails', async (t) => {
  const app = await build(t)
  const phone = createPhone()
  await postJson(app, '/signup', { name: 'Asha', phone_number: phone })
  const otp = await readCode(app, phone)
  await app.pg.pool.query('alter table users rename to gone')
  t.equal((await postJson(app, '/verify', { phone_number: phone, otp })).status, 500)
  await app.pg.pool.query('alter table gone rename to users')
  t.equal((await postJson(app, '/verify', { phone_number: phone, otp })).status, 200)
})

t.test('signIn and sendCode reject with errors of the catalogue', async (t) => {
  const app = await build(t)
  const client = { address: '127.0.0.1', userAgent: undefined, deviceToken: undefined }
  const refusal = async (promise: Promise<unknown>) =>
    await promise.then(() => undefined, (error: unknown) => error instanceof ApiError && error.code)
  t.equal(await refusal(app.phoneLogin.sendCode({ phoneNumber: 'asha' }, client)), 'CHR_PHONE_INVALID')
  t.equal(await refusal(app.phoneLogin.sendCode({ phoneNumber: createPhone(), name: '\u200b' }, client)), 'CHR_VALIDATION')
  t.equal(await refusal(app.phoneLogin.signIn({ phoneNumber: createPhone(), otp: '123456', name: 'Asha' }, client)), 'CHR_OTP_INVALID')
  t.match(await tracesOf(app), { users: 0, messages: 0 })
})

t.test('concurrent logins share statements, and each gets its own account and token', async (t) => {
  const app = await build(t)
  const phones = Array.from({ length: 30 }, createPhone)
  await Promise.all(phones.map(async (phone, index) => await postJson(app, '/signup', { phone_number: phone, name: `Asha ${index}` })))
  const codes = await Promise.all(phones.map(async (phone) => await readCode(app, phone)))
  const statements = t.capture(app.db, 'executeQuery', app.db.executeQuery)
  const replies = await Promise.all(phones.map(async (phone, index) => {
    // The eighth login sends a wrong code, which must not affect the other logins.
    const otp = index === 7 ? toWrongCode(codes[index] ?? '') : codes[index]
    return await postJson(app, '/verify', { phone_number: phone, otp })
  }))
  t.equal(replies[7]?.status, 401)
  const signedIn = replies.filter(({ status }) => status === 200)
  t.equal(signedIn.length, phones.length - 1)
  t.ok(statements().length < 15, `${statements().length} statements`)
  const owners = await Promise.all(signedIn.map(async ({ body }) => {
    const reply = await app.inject({ url: '/me', headers: { authorization: `Bearer ${String(body['token'])}` } })
    return reply.json().data.name as string
  }))
  t.same(owners.sort(), phones.map((_phone, index) => `Asha ${index}`).filter((_name, index) => index !== 7).sort())
})

t.test('a login that waits too long for a locked account fails alone', async (t) => {
  const app = await build(t, { env: shortDeadlines })
  const [locked, free] = [await signUp(app), await signUp(app)]
  const phones = [locked.phone, free.phone]
  for (const phone of phones) await postJson(app, '/login', { phone_number: phone })
  const codes = await Promise.all(phones.map(async (phone) => await readCode(app, phone, 2)))
  const other = new pg.Client({ connectionString: app.config.database.url })
  await other.connect()
  t.teardown(async () => { await other.end() })
  await other.query('begin')
  await other.query('select from users where phone_number = $1 for update', [locked.phone])
  const replies = await Promise.all(phones.map(async (phone, index) => await postJson(app, '/verify', { phone_number: phone, otp: codes[index] })))
  t.same(replies.map(({ status }) => status), [503, 200])
  await postJson(app, '/login', { phone_number: locked.phone })
  const answer = { phone_number: locked.phone, otp: await readCode(app, locked.phone, 3) }
  t.equal((await postJson(app, '/verify', answer)).status, 503, 'alone too')
})
