import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { build, createClock, createPhone, postJson, readCode, type JsonReply } from '../support/helper.ts'
import { tracesOf } from '../support/traces.ts'

async function requestCode (app: FastifyInstance, phone: string, count = 1): Promise<string> {
  await postJson(app, '/login', { phone_number: phone })
  return await readCode(app, phone, count)
}

/** Another code of the same length. */
const wrongly = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0')

const verify = async (app: FastifyInstance, phone: string, otp: string, name?: string): Promise<JsonReply> =>
  await postJson(app, '/verify', { phone_number: phone, otp, ...(name === undefined ? {} : { name }) })

function isInvalid (t: Test, { status, body, headers }: JsonReply): void {
  t.equal(status, 401)
  const { request_id: _id, ...rest } = body
  t.same(rest, { error: 'The code is wrong or no longer valid.', code: 'CHR_OTP_INVALID' })
  t.notOk(headers['www-authenticate'], 'another Authorization header would not help')
}

t.test('POST /verify asks for the name of a new number and does not use the code up', async (t) => {
  const app = await build(t)
  const phone = createPhone()
  const otp = await requestCode(app, phone)
  for (let times = 0; times < 3; times++) {
    t.match(await verify(app, phone, otp), { status: 422, body: { code: 'CHR_NAME_REQUIRED' } })
  }
  t.match(await tracesOf(app), { users: 0, tokens: 0 })
  t.match(await verify(app, phone, otp, 'Asha'), { status: 200, body: { data: { name: 'Asha' }, message: 'User registered successfully' } })
  isInvalid(t, await verify(app, phone, otp, 'Asha'))
  t.match(await tracesOf(app), { users: 1, tokens: 1 })
})

t.test('a code that is asked for its name too often is over', async (t) => {
  const app = await build(t)
  const phone = createPhone()
  const otp = await requestCode(app, phone)
  for (let times = 0; times < 5; times++) t.equal((await verify(app, phone, otp)).status, 422)
  isInvalid(t, await verify(app, phone, otp))
  isInvalid(t, await verify(app, phone, otp, 'Asha'))
})

t.test('POST /verify answers alike for wrong, used, expired and unknown codes', async (t) => {
  const clock = createClock()
  const app = await build(t, { clock })
  const [phone, other] = [createPhone(), createPhone()]
  isInvalid(t, await verify(app, phone, '123456', 'Asha'))
  const otp = await requestCode(app, phone)
  isInvalid(t, await verify(app, phone, wrongly(otp), 'Asha'))
  isInvalid(t, await verify(app, phone, otp.slice(1), 'Asha'))
  isInvalid(t, await verify(app, other, otp, 'Asha'))
  t.equal((await verify(app, phone, otp, 'Asha')).status, 200)
  isInvalid(t, await verify(app, phone, otp, 'Asha'))
  const late = await requestCode(app, phone, 2)
  clock.advance(300_000)
  isInvalid(t, await verify(app, phone, late))
})

t.test('a code is good until its last moment', async (t) => {
  const clock = createClock()
  const app = await build(t, { clock })
  const phone = createPhone()
  const otp = await requestCode(app, phone)
  clock.advance(299_999)
  t.equal((await verify(app, phone, otp, 'Asha')).status, 200)
})

t.test('five wrong codes end the code and start a wait that sends no SMS', async (t) => {
  const clock = createClock()
  const app = await build(t, { clock })
  const phone = createPhone()
  const otp = await requestCode(app, phone)
  for (let times = 0; times < 5; times++) isInvalid(t, await verify(app, phone, wrongly(otp), 'Asha'))
  clock.advance(4500)
  for (const reply of [await verify(app, phone, otp, 'Asha'), await postJson(app, '/login', { phone_number: phone })]) {
    t.match(reply, { status: 429, body: { code: 'CHR_OTP_LOCKED' }, headers: { 'retry-after': '26' } })
  }
  t.equal(app.carrier?.messages({ to: phone }).length, 1)
  clock.advance(26_000)
  isInvalid(t, await verify(app, phone, otp, 'Asha'))
  t.equal((await verify(app, phone, await requestCode(app, phone, 2), 'Asha')).status, 200)
})

t.test('the session lasts as long as the answer says', async (t) => {
  const clock = createClock(Date.parse('2030-01-01T00:00:00.750Z'))
  const app = await build(t, { clock, env: { TOKEN_MAX_SECONDS: '172800' } })
  const phone = createPhone()
  const { body } = await verify(app, phone, await requestCode(app, phone), 'Asha')
  t.equal(body['token_expires_at'], '2030-01-03T00:00:00.000Z')
  const ask = async () => (await app.inject({ url: '/protected', headers: { authorization: `Bearer ${String(body['token'])}` } })).statusCode
  clock.advance(48 * 3_600_000 - 751)
  t.equal(await ask(), 200)
  clock.advance(1)
  t.equal(await ask(), 401)
})

t.test('OTP_LENGTH, OTP_TTL_SECONDS and TOKEN_TTL_SECONDS are kept to', async (t) => {
  const clock = createClock(Date.parse('2030-01-01T00:00:00Z'))
  const app = await build(t, { clock, env: { OTP_LENGTH: '10', OTP_TTL_SECONDS: '60', TOKEN_TTL_SECONDS: '90' } })
  const phone = createPhone()
  t.match(await postJson(app, '/login', { phone_number: phone }), { body: { expires_in: 60 } })
  const otp = await readCode(app, phone)
  t.match(otp, /^\d{10}$/)
  t.match(await verify(app, phone, otp, 'Asha'), { status: 200, body: { token_expires_at: '2030-01-01T00:01:30.000Z' } })
})
