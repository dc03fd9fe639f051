import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { serviceUrl } from '../support/databases.ts'
import { build, createClock, createPhone, postJson, readCode, signUp } from '../support/helper.ts'
import { createCluster } from '../support/instances.ts'

const lastDay = '2030-06-30'
const start = Date.parse('2030-06-01T12:00:00Z')
const end = Date.parse('2030-07-01T00:00:00Z')
const messages = (app: FastifyInstance) => app.carrier?.messages().length

for (const [where, redis] of [['in memory', {}], ['in Redis', { REDIS_URL: serviceUrl('TEST_REDIS_URL') }]] as const) {
  t.test(`a test number signs in with its fixed code, without an SMS and without a limit (${where})`, async (t) => {
    const phone = createPhone()
    const app = await build(t, { clock: createClock(start), env: { ...redis, OTP_TEST_NUMBERS: `${phone}:1234:${lastDay}` } })
    for (let count = 0; count < 20; count++) {
      t.match(await postJson(app, '/signup', { name: 'Reviewer', phone_number: phone }), {
        status: 200, body: { message: 'OTP sent successfully' }
      })
      t.match(await postJson(app, '/verify', { phone_number: phone, otp: '1234' }), {
        status: 200, body: { data: { name: 'Reviewer', phone_number: phone } }
      })
    }
    t.equal(messages(app), 0)
    t.same((await app.pg.pool.query('select is_test from users')).rows, [{ is_test: true }])
  })
}

t.test('five wrong codes lock a test number', async (t) => {
  const phone = createPhone()
  const app = await build(t, { clock: createClock(start), env: { OTP_TEST_NUMBERS: `${phone}:123456:${lastDay}` } })
  await postJson(app, '/signup', { name: 'Reviewer', phone_number: phone })
  for (let count = 0; count < 5; count++) t.equal((await postJson(app, '/verify', { phone_number: phone, otp: '000000' })).status, 401)
  t.match(await postJson(app, '/verify', { phone_number: phone, otp: '123456' }), { status: 429, body: { code: 'CHR_OTP_LOCKED' } })
})

t.test('a test code never signs in to a real account', async (t) => {
  const phone = createPhone()
  const { start: startInstance } = await createCluster(t)
  const before = await startInstance()
  const owner = await signUp(before, { phone })
  const app = await startInstance({ OTP_TEST_NUMBERS: `${phone}:123456:${lastDay}` }, createClock(start))
  t.equal((await postJson(app, '/login', { phone_number: phone })).status, 200)
  const otp = await readCode(app, phone)
  if (otp !== '123456') t.equal((await postJson(app, '/verify', { phone_number: phone, otp: '123456' })).status, 401)
  t.match(await postJson(app, '/verify', { phone_number: phone, otp }), {
    status: 200, body: { data: { id: owner.userId } }
  }, 'the code from the SMS signs the owner in')
})

t.test('a test code does not sign in to an account that its owner creates in the meantime', async (t) => {
  const phone = createPhone()
  const app = await build(t, { clock: createClock(start), env: { OTP_TEST_NUMBERS: `${phone}:123456:${lastDay}` } })
  await postJson(app, '/signup', { name: 'Reviewer', phone_number: phone })
  await app.pg.pool.query('insert into users (name, phone_number) values (\'Owner\', $1)', [phone])
  t.match(await postJson(app, '/verify', { phone_number: phone, otp: '123456' }), { status: 401, body: { code: 'CHR_OTP_INVALID' } })
  t.equal((await app.pg.pool.query('select from tokens')).rowCount, 0)
})

t.test('the number gets SMS after its last day, and its pending test code is refused', async (t) => {
  const phone = createPhone()
  const clock = createClock(end - 60_000)
  const app = await build(t, { clock, env: { OTP_TEST_NUMBERS: `${phone}:123456:${lastDay}` } })
  await postJson(app, '/signup', { name: 'Reviewer', phone_number: phone })
  clock.advance(60_000)
  t.equal((await postJson(app, '/verify', { phone_number: phone, otp: '123456' })).status, 401)
  t.equal((await postJson(app, '/signup', { name: 'Owner', phone_number: phone })).status, 200)
  t.match(await postJson(app, '/verify', { phone_number: phone, otp: await readCode(app, phone) }), { status: 200 })
  t.same((await app.pg.pool.query('select is_test from users')).rows, [{ is_test: false }])
})

t.test('the sessions of a test number end with its last day', async (t) => {
  const phone = createPhone()
  const clock = createClock(end - 3_600_000)
  const app = await build(t, { clock, env: { OTP_TEST_NUMBERS: `${phone}:123456:${lastDay}` } })
  await postJson(app, '/signup', { name: 'Reviewer', phone_number: phone })
  const { body } = await postJson(app, '/verify', { phone_number: phone, otp: '123456' })
  t.equal(body['token_expires_at'], '2030-07-01T00:00:00.000Z')
  const getStatus = async () => (await app.inject({
    url: '/protected', headers: { authorization: `Bearer ${String(body['token'])}` }
  })).statusCode
  clock.advance(3_599_000)
  t.equal(await getStatus(), 200)
  clock.advance(1000)
  t.equal(await getStatus(), 401, 'use does not extend the session')
})

t.test('metrics label the events of test numbers', async (t) => {
  const phone = createPhone()
  const app = await build(t, { clock: createClock(start), env: { OTP_TEST_NUMBERS: `${phone}:123456:${lastDay}` } })
  await postJson(app, '/signup', { name: 'Reviewer', phone_number: phone })
  await signUp(app)
  const text = await app.metrics.expose()
  for (const isTest of [true, false]) {
    t.match(
      text, new RegExp(`^cheershare_security_events_total\\{event="otp.sent",is_test="${isTest}"\\} 1$`, 'm')
    )
  }
})

t.test('the account of a test number cannot change its number', async (t) => {
  const phone = createPhone()
  const app = await build(t, { clock: createClock(start), env: { OTP_TEST_NUMBERS: `${phone}:123456:${lastDay}` } })
  await postJson(app, '/signup', { name: 'Reviewer', phone_number: phone })
  const { body } = await postJson(app, '/verify', { phone_number: phone, otp: '123456' })
  const response = await app.inject({
    method: 'POST',
    url: '/me/phone-number',
    headers: {
      authorization: `Bearer ${String(body['token'])}`
    },
    payload: { phone_number: createPhone() }
  })
  t.match({ status: response.statusCode, body: response.json() }, { status: 422, body: { code: 'CHR_PHONE_NOT_ALLOWED' } })
})

t.test('a test number may be of a country that is not allowed, since it gets no SMS', async (t) => {
  const phone = createPhone()
  const app = await build(t, { clock: createClock(start), env: { OTP_TEST_NUMBERS: `${phone}:123456:${lastDay}`, SMS_COUNTRIES: 'DE' } })
  t.equal((await postJson(app, '/signup', { name: 'Reviewer', phone_number: phone })).status, 200)
  t.equal((await postJson(app, '/signup', { name: 'Asha', phone_number: createPhone() })).status, 422)
})
