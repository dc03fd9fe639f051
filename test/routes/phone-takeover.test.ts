import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { serviceUrl } from '../support/databases.ts'
import { createCreative } from '../support/forms.ts'
import { build, createClock, createPhone, postJson, readCode, signUp, type BuildOptions } from '../support/helper.ts'
import { confirmChange, logIn, requestAs, requestChange } from '../support/phone-changes.ts'
import { storedFiles } from '../support/traces.ts'

const taken = { status: 409, body: { code: 'CHR_PHONE_TAKEN', error: /take_over: true/ } }
const wrong = { status: 401, body: { code: 'CHR_OTP_INVALID' } }
const reserved = { status: 422, body: { code: 'CHR_PHONE_NOT_ALLOWED', error: 'This number is reserved for tests. Choose another one.' } }

const toWrongCode = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0')

/** Signs up the previous owner of a number, and a mover who has received a code for a change to it. */
async function prepare (t: Test, options: BuildOptions = {}) {
  const app = await build(t, options)
  const [owner, mover] = [await signUp(app), await signUp(app, { name: 'Ravi' })]
  t.equal((await requestChange(app, mover, owner.phone)).status, 200)
  return { app, owner, mover, otp: await readCode(app, owner.phone, 2) }
}

const rowsOf = async (app: FastifyInstance, userId: number) =>
  (await app.pg.pool.query('select phone_number, released_at is not null as is_released from users where id = $1', [userId])).rows

for (const [where, env] of [['in memory', {}], ['in Redis', { REDIS_URL: serviceUrl('TEST_REDIS_URL') }]] as const) {
  t.test(`the right code for the number of another account is kept, and take_over moves the number (${where})`, async (t) => {
    const { app, owner, mover, otp } = await prepare(t, { env })
    await createCreative(app, owner)
    t.match(await confirmChange(app, mover, toWrongCode(otp)), wrong, 'a wrong code does not tell that the number has an account')
    t.match(await confirmChange(app, mover, toWrongCode(otp), true), wrong)
    t.match(await confirmChange(app, mover, otp), taken)
    t.match(await confirmChange(app, mover, otp, false), taken)
    t.equal((await requestAs(app, owner, 'GET', '/protected')).status, 200, 'the refusals changed nothing')
    t.match(await confirmChange(app, mover, otp, true), { status: 200, body: { data: { id: mover.userId, phone_number: owner.phone, version: 2 } } })

    for (const url of ['/me', '/me/export', '/creatives']) t.equal((await requestAs(app, owner, 'GET', url)).status, 401, url)
    t.equal((await app.pg.pool.query('select from device_tokens')).rowCount, 0)
    t.same(await rowsOf(app, owner.userId), [{ phone_number: null, is_released: true }])
    t.equal((await app.pg.pool.query('select from creatives where user_id = $1', [owner.userId])).rowCount, 1)
    t.equal((await storedFiles(app)).length, 3)
    t.equal((await logIn(app, owner.phone)).userId, mover.userId, 'a login with the number finds the account that took it over')
    t.match(await confirmChange(app, mover, otp, true), { status: 409, body: { code: 'CHR_OTP_USED' } })
  })

  t.test(`the code ends after five answers that the number is taken (${where})`, async (t) => {
    const { app, mover, otp } = await prepare(t, { env })
    for (let count = 0; count < 5; count++) t.match(await confirmChange(app, mover, otp), taken)
    t.match(await confirmChange(app, mover, otp), wrong)
    t.match(await confirmChange(app, mover, otp, true), wrong)
  })

  t.test(`the code can still take the number over after five such answers (${where})`, async (t) => {
    const { app, mover, otp } = await prepare(t, { env })
    for (let count = 0; count < 5; count++) t.match(await confirmChange(app, mover, otp), taken)
    t.match(await confirmChange(app, mover, otp, true), { status: 200 })
  })
}

t.test('the request for a code gets the same response for a number with an account as for a free one', async (t) => {
  const app = await build(t)
  const { phone } = await signUp(app)
  const replies = [await requestChange(app, await signUp(app), phone), await requestChange(app, await signUp(app), createPhone())]
  const [registered, free] = replies.map(({ status, body }) => ({ status, body: { ...body, delivery_id: '' } }))
  t.same(registered, free)
})

t.test('answers that the number is taken do not count as wrong codes, and wrong ones still lock the number', async (t) => {
  const { app, mover, otp } = await prepare(t)
  for (let count = 0; count < 4; count++) t.match(await confirmChange(app, mover, toWrongCode(otp)), wrong)
  for (let count = 0; count < 5; count++) t.match(await confirmChange(app, mover, otp), taken)
  t.match(await confirmChange(app, mover, toWrongCode(otp)), wrong)
  t.match(await confirmChange(app, mover, otp, true), { status: 429, body: { code: 'CHR_OTP_LOCKED' } })
})

t.test('an account that gets the number after the code was checked keeps it, and the reply asks for a new code', async (t) => {
  const app = await build(t)
  const mover = await signUp(app)
  const phone = createPhone()
  await requestChange(app, mover, phone)
  const otp = await readCode(app, phone)
  const { verify } = app.codes
  t.intercept(app.codes, 'verify', {
    value: async (...args: Parameters<typeof verify>) => {
      const verdict = await verify(...args)
      await app.pg.pool.query('insert into users (name, phone_number) values (\'Usha\', $1)', [phone])
      return verdict
    }
  })
  t.match(await confirmChange(app, mover, otp), {
    status: 409,
    body: { code: 'CHR_PHONE_TAKEN', error: 'Another account has just registered this number. If the number is yours, request a new code for it.' }
  })
  t.equal((await requestAs(app, mover, 'GET', '/me')).body.data.phone_number, mover.phone)
})

t.test('take_over changes nothing for a number without an account', async (t) => {
  const app = await build(t)
  const owner = await signUp(app)
  const phone = createPhone()
  await requestChange(app, owner, phone)
  t.match(await confirmChange(app, owner, await readCode(app, phone), true), { status: 200, body: { data: { phone_number: phone } } })
  t.equal((await app.pg.pool.query('select from users')).rowCount, 1)
})

t.test('take_over must be a boolean', async (t) => {
  const { app, mover, otp } = await prepare(t)
  for (const value of ['true', 1, null]) {
    const reply = await requestAs(app, mover, 'POST', '/me/phone-number/verify', { otp, take_over: value })
    t.match(reply, { status: 400, body: { code: 'CHR_VALIDATION' } }, JSON.stringify(value))
  }
})

t.test('a test account never loses its number', async (t) => {
  const phone = createPhone()
  const clock = createClock(Date.parse('2030-06-01T12:00:00Z'))
  const app = await build(t, { clock, env: { OTP_TEST_NUMBERS: `${phone}:123456:2030-06-30` } })
  await postJson(app, '/signup', { name: 'Reviewer', phone_number: phone })
  const { body } = await postJson(app, '/verify', { phone_number: phone, otp: '123456' })
  const mover = await signUp(app)
  await requestChange(app, mover, phone)
  const otp = await readCode(app, phone)
  t.match(await confirmChange(app, mover, toWrongCode(otp), true), wrong)
  t.match(await confirmChange(app, mover, otp, true), reserved)
  t.match(await confirmChange(app, mover, otp), reserved)
  t.equal((await requestAs(app, { authorization: `Bearer ${String(body['token'])}` }, 'GET', '/protected')).status, 200)
})

t.test('a test number is not taken over from a real account either, nor from a test account after its last day', async (t) => {
  const [listed, unlisted] = [createPhone(), createPhone()]
  const clock = createClock(Date.parse('2030-06-01T12:00:00Z'))
  const app = await build(t, { clock, env: { OTP_TEST_NUMBERS: `${listed}:123456:2030-06-30` } })
  await app.pg.pool.query('insert into users (name, phone_number, is_test) values (\'Real\', $1, false), (\'Test\', $2, true)', [listed, unlisted])
  for (const phone of [listed, unlisted]) {
    const mover = await signUp(app)
    await requestChange(app, mover, phone)
    t.match(await confirmChange(app, mover, await readCode(app, phone), true), reserved)
  }
})

t.test('a test account cannot take a number over', async (t) => {
  const phone = createPhone()
  const app = await build(t, { clock: createClock(Date.parse('2030-06-01T12:00:00Z')), env: { OTP_TEST_NUMBERS: `${phone}:123456:2030-06-30` } })
  const owner = await signUp(app)
  await postJson(app, '/signup', { name: 'Reviewer', phone_number: phone })
  const { body } = await postJson(app, '/verify', { phone_number: phone, otp: '123456' })
  const reviewer = { ...owner, authorization: `Bearer ${String(body['token'])}` }
  t.match(await requestChange(app, reviewer, owner.phone), { status: 422, body: { code: 'CHR_PHONE_NOT_ALLOWED' } })
})

t.test('a take-over is recorded for both accounts, without a code or a readable number', async (t) => {
  const { app, owner, mover, otp } = await prepare(t)
  const events = t.capture(app.securityLog, 'record', app.securityLog.record)
  await confirmChange(app, mover, otp)
  await confirmChange(app, mover, otp, true)
  const phone = owner.phone
  t.strictSame(events().map(({ args }) => args), [
    ['phone_change.taken', { phone, userId: mover.userId }],
    ['otp.verified', { phone, userId: mover.userId, isTest: false }],
    ['phone_change.completed', { phone, userId: mover.userId }],
    ['account.released', { phone, userId: owner.userId, count: 1 }]
  ])
})
