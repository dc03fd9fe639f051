import t from 'tap'
import { build, createClock, createPhone, postJson, readCode, signUp } from '../support/helper.ts'
import { tracesOf } from '../support/traces.ts'

t.test('a new user signs up and gets access', async (t) => {
  const app = await build(t)
  const { authorization } = await signUp(app)
  const response = await app.inject({ url: '/protected', headers: { authorization } })
  t.equal(response.statusCode, 200)
  t.same(response.json(), { data: 'Protected' })
})

t.test('a registered number logs in again', async (t) => {
  const app = await build(t)
  const { phone, userId, token } = await signUp(app)
  t.match(await postJson(app, '/login', { phone_number: phone }), { status: 200, body: { success: true } })
  const { status, body } = await postJson(app, '/verify', { phone_number: phone, otp: await readCode(app, phone, 2) })
  t.equal(status, 200)
  t.match(body, { message: 'User logged in successfully', data: { id: userId, name: 'Asha' } })
  t.not(body['token'], token)
})

t.test('POST /login gives numbers with and without an account the same response', async (t) => {
  const app = await build(t)
  const { phone } = await signUp(app)
  const unregistered = createPhone()
  const known = await postJson(app, '/login', { phone_number: phone })
  const unknown = await postJson(app, '/login', { phone_number: unregistered })
  t.equal(unknown.status, 200)
  t.equal(unknown.status, known.status)
  t.same({ ...unknown.body, delivery_id: '' }, { ...known.body, delivery_id: '' })
  t.same(Object.keys(unknown.headers), Object.keys(known.headers))
  await readCode(app, unregistered)
  t.match(await tracesOf(app), { users: 1, tokens: 1, messages: 3 })
})

t.test('POST /login sends no SMS before the resend is due, and then sends the same code again', async (t) => {
  const clock = createClock()
  const app = await build(t, { clock })
  const phone = createPhone()
  const login = async () => await postJson(app, '/login', { phone_number: phone })
  t.match(await login(), { status: 200, body: { expires_in: 300, resend_in: 30 } })
  const code = await readCode(app, phone)
  clock.advance(10_000)
  t.match(await login(), { status: 200, body: { expires_in: 290, resend_in: 20 } })
  clock.advance(20_000)
  t.match(await login(), { status: 200, body: { expires_in: 300, resend_in: 60 } })
  t.equal(await readCode(app, phone, 2), code)
  t.equal(app.carrier?.messages({ to: phone }).length, 2)
})

t.test('POST /login answers 429 when no code is pending and the next SMS is not due', async (t) => {
  const clock = createClock()
  const app = await build(t, { clock, env: { OTP_TTL_SECONDS: '10' } })
  const phone = createPhone()
  await postJson(app, '/login', { phone_number: phone })
  await readCode(app, phone)
  clock.advance(12_500)
  const { status, body, headers } = await postJson(app, '/login', { phone_number: phone })
  t.equal(status, 429)
  t.match(body, { code: 'CHR_RATE_LIMITED' })
  t.equal(headers['retry-after'], '18')
  t.equal(app.carrier?.messages({ to: phone }).length, 1)
})
