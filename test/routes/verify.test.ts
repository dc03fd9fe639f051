import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { build, createClock, createPhone, postJson, readCode, type JsonReply } from '../support/helper.ts'
import { tracesOf } from '../support/traces.ts'

async function requestCode (app: FastifyInstance, phone: string, count = 1): Promise<string> {
  await postJson(app, '/login', { phone_number: phone })
  return await readCode(app, phone, count)
}

/** Returns another code of the same length. */
const toWrongCode = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0')

const verify = async (app: FastifyInstance, phone: string, otp: string, name?: string): Promise<JsonReply> =>
  await postJson(app, '/verify', { phone_number: phone, otp, ...(name === undefined ? {} : { name }) })

function assertInvalid (t: Test, { status, body, headers }: JsonReply): void {
  t.equal(status, 401)
  const { request_id: _id, ...rest } = body
  t.same(rest, { error: 'The code is wrong or no longer valid.', code: 'CHR_OTP_INVALID' })
  t.notOk(headers['www-authenticate'], 'the response names no scheme, because a token would not help')
}

t.test('POST /verify requires a name for a new number and does not consume the code', async (t) => {
  const app = await build(t)
  const phone = createPhone()
  const otp = await requestCode(app, phone)
  for (let times = 0; times < 3; times++) {
    t.match(await verify(app, phone, otp), { status: 422, body: { code: 'CHR_NAME_REQUIRED' } })
  }
  t.match(await tracesOf(app), { users: 0, tokens: 0 })
  t.match(await verify(app, phone, otp, 'Asha'), { status: 200, body: { data: { name: 'Asha' }, message: 'User registered successfully' } })
  t.match(await verify(app, phone, otp, 'Asha'), { status: 409, body: { code: 'CHR_OTP_USED' } })
  t.match(await tracesOf(app), { users: 1, tokens: 1 })
})

t.test('a code is revoked after five verifications without the required name', async (t) => {
  const app = await build(t)
  const phone = createPhone()
  const otp = await requestCode(app, phone)
  for (let times = 0; times < 5; times++) t.equal((await verify(app, phone, otp)).status, 422)
  assertInvalid(t, await verify(app, phone, otp))
  assertInvalid(t, await verify(app, phone, otp, 'Asha'))
})

t.test('POST /verify gives wrong, expired and unknown codes the same response', async (t) => {
  const clock = createClock()
  const app = await build(t, { clock })
  const [phone, other] = [createPhone(), createPhone()]
  assertInvalid(t, await verify(app, phone, '123456', 'Asha'))
  const otp = await requestCode(app, phone)
  assertInvalid(t, await verify(app, phone, toWrongCode(otp), 'Asha'))
  assertInvalid(t, await verify(app, phone, otp.slice(1), 'Asha'))
  assertInvalid(t, await verify(app, other, otp, 'Asha'))
  t.equal((await verify(app, phone, otp, 'Asha')).status, 200)
  assertInvalid(t, await verify(app, phone, toWrongCode(otp), 'Asha'))
  const late = await requestCode(app, phone, 2)
  clock.advance(300_000)
  assertInvalid(t, await verify(app, phone, late))
})

t.test('a code is valid until the last millisecond of its lifetime', async (t) => {
  const clock = createClock()
  const app = await build(t, { clock })
  const phone = createPhone()
  const otp = await requestCode(app, phone)
  clock.advance(299_999)
  t.equal((await verify(app, phone, otp, 'Asha')).status, 200)
})

t.test('five wrong codes revoke the code and start a lockout that sends no SMS', async (t) => {
  const clock = createClock()
  const app = await build(t, { clock })
  const phone = createPhone()
  const otp = await requestCode(app, phone)
  for (let times = 0; times < 5; times++) assertInvalid(t, await verify(app, phone, toWrongCode(otp), 'Asha'))
  clock.advance(4500)
  for (const reply of [await verify(app, phone, otp, 'Asha'), await postJson(app, '/login', { phone_number: phone })]) {
    t.match(reply, { status: 429, body: { code: 'CHR_OTP_LOCKED' }, headers: { 'retry-after': '26' } })
  }
  t.equal(app.carrier?.messages({ to: phone }).length, 1)
  clock.advance(26_000)
  assertInvalid(t, await verify(app, phone, otp, 'Asha'))
  t.equal((await verify(app, phone, await requestCode(app, phone, 2), 'Asha')).status, 200)
})

t.test('the session lasts until token_expires_at', async (t) => {
  const clock = createClock(Date.parse('2030-01-01T00:00:00.750Z'))
  const app = await build(t, { clock, env: { TOKEN_MAX_SECONDS: '172800' } })
  const phone = createPhone()
  const { body } = await verify(app, phone, await requestCode(app, phone), 'Asha')
  t.equal(body['token_expires_at'], '2030-01-03T00:00:00.000Z')
  const getStatus = async () => (await app.inject({
    url: '/protected', headers: { authorization: `Bearer ${String(body['token'])}` }
  })).statusCode
  clock.advance(48 * 3_600_000 - 751)
  t.equal(await getStatus(), 200)
  clock.advance(1)
  t.equal(await getStatus(), 401)
})

t.test('OTP_LENGTH, OTP_TTL_SECONDS and TOKEN_TTL_SECONDS take effect', async (t) => {
  const clock = createClock(Date.parse('2030-01-01T00:00:00Z'))
  const app = await build(t, { clock, env: { OTP_LENGTH: '10', OTP_TTL_SECONDS: '60', TOKEN_TTL_SECONDS: '90' } })
  const phone = createPhone()
  t.match(await postJson(app, '/login', { phone_number: phone }), { body: { expires_in: 60 } })
  const otp = await readCode(app, phone)
  t.match(otp, /^\d{10}$/)
  t.match(await verify(app, phone, otp, 'Asha'), { status: 200, body: { token_expires_at: '2030-01-01T00:01:30.000Z' } })
})
