import t from 'tap'
import { build, createClock, createPhone, postJson, readCode } from '../support/helper.ts'
import { tracesOf } from '../support/traces.ts'

t.test('POST /signup without a code sends one and returns its lifetime', async (t) => {
  const app = await build(t, { clock: createClock() })
  const phone = createPhone()
  const { status, body } = await postJson(app, '/signup', { name: 'Asha', phone_number: phone })
  t.equal(status, 200)
  t.match(body, { success: true, message: 'OTP sent successfully', expires_in: 300, resend_in: 30, delivery_id: /^[A-Za-z0-9_-]{22}$/ })
  t.equal(Object.keys(body).length, 5)
  const code = await readCode(app, phone)
  t.match(code, /^\d{6}$/)
  t.same(app.carrier?.messages().map(({ to, body }) => ({ to, body })), [
    { to: phone, body: `Cheershare: your code is ${code}. It ends in 5 minutes. Never share it.` }
  ])
  t.match(await tracesOf(app), { users: 0, tokens: 0 }, 'no account exists before the number is verified')
})

t.test('POST /signup with a code registers the user like POST /verify', async (t) => {
  const app = await build(t)
  const phone = createPhone()
  await postJson(app, '/signup', { name: 'Asha', phone_number: phone })
  const { status, body } = await postJson(app, '/signup', { phone_number: phone, otp: await readCode(app, phone) })
  t.equal(status, 200)
  t.match(body, {
    success: true,
    data: { id: Number, name: 'Asha', phone_number: phone, version: 1, created_at: /^\d{4}-\d\d-\d\dT[\d:]{8}\.000Z$/ },
    message: 'User registered successfully',
    token: /^[A-Z2-7]{26}$/,
    token_expires_at: /^\d{4}-\d\d-\d\dT[\d:]{8}\.000Z$/
  })
  t.same(Object.keys(body), ['success', 'data', 'message', 'token_expires_at', 'device_token', 'token'])
})

t.test('a name sent with the code replaces the one sent before', async (t) => {
  const app = await build(t)
  const phone = createPhone()
  await postJson(app, '/signup', { name: 'Asha', phone_number: phone })
  const { body } = await postJson(app, '/signup', { name: '  Ravi ', phone_number: phone, otp: await readCode(app, phone) })
  t.match(body, { data: { name: 'Ravi' } })
})

t.test('a second sign-up of a number logs in and leaves the name unchanged', async (t) => {
  const app = await build(t)
  const phone = createPhone()
  const signIn = async (name: string, count: number) => {
    await postJson(app, '/signup', { name, phone_number: phone })
    return await postJson(app, '/signup', { name, phone_number: phone, otp: await readCode(app, phone, count) })
  }
  const first = await signIn('Asha', 1)
  const second = await signIn('Ravi', 2)
  t.match(first.body, { message: 'User registered successfully' })
  t.match(second.body, { message: 'User logged in successfully', data: first.body['data'] as object })
  t.not(second.body['token'], first.body['token'])
  t.match(await tracesOf(app), { users: 1, tokens: 2 })
})

t.test('all spellings of a number are normalized to the same number', async (t) => {
  const app = await build(t)
  const phone = createPhone()
  const national = phone.slice(3)
  await postJson(app, '/signup', { name: 'Asha', phone_number: `\u202a0${national.slice(0, 5)} ${national.slice(5)}\u202c` })
  const otp = await readCode(app, phone)
  const { body } = await postJson(app, '/verify', { phone_number: `0091 (${national.slice(0, 5)})-${national.slice(5)}`, otp })
  t.match(body, { data: { phone_number: phone } })
})

t.test('a code requested with two different names needs a name at verification', async (t) => {
  const app = await build(t)
  const phone = createPhone()
  await postJson(app, '/signup', { name: 'Mallory', phone_number: phone })
  await postJson(app, '/signup', { name: 'Asha', phone_number: phone })
  const otp = await readCode(app, phone)
  t.match(await postJson(app, '/signup', { phone_number: phone, otp }), { status: 422, body: { code: 'CHR_NAME_REQUIRED' } })
  t.match(await postJson(app, '/signup', { name: 'Asha', phone_number: phone, otp }), { status: 200, body: { data: { name: 'Asha' } } })
})
