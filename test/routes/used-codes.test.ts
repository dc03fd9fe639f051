import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { serviceUrl } from '../support/databases.ts'
import { build, createClock, createPhone, postJson, readCode, signUp, type JsonReply } from '../support/helper.ts'
import { tracesOf } from '../support/traces.ts'

const used = { status: 409, body: { error: 'This code was used a moment ago. If you are not signed in, request a new one.', code: 'CHR_OTP_USED' } }
const wrong = { status: 401, body: { code: 'CHR_OTP_INVALID' } }

const toWrongCode = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0')

/** A request that sends a code, prepared so that it can be repeated. */
type Answer = (otp: string) => Promise<JsonReply>

async function prepareVerify (app: FastifyInstance): Promise<{ otp: string, answer: Answer }> {
  const phone = createPhone()
  await postJson(app, '/login', { phone_number: phone })
  return { otp: await readCode(app, phone), answer: async (otp) => await postJson(app, '/verify', { phone_number: phone, otp, name: 'Asha' }) }
}

/** Each function requests a code, and returns it with the request that uses it. */
const uses: Record<string, typeof prepareVerify> = {
  'POST /verify': prepareVerify,
  'POST /signup': async (app) => {
    const phone = createPhone()
    await postJson(app, '/signup', { phone_number: phone, name: 'Asha' })
    return { otp: await readCode(app, phone), answer: async (otp) => await postJson(app, '/signup', { phone_number: phone, otp }) }
  },
  'POST /me/phone-number/verify': async (app) => {
    const { authorization } = await signUp(app)
    const phone = createPhone()
    await postJson(app, '/me/phone-number', { phone_number: phone }, { headers: { authorization } })
    return {
      otp: await readCode(app, phone),
      answer: async (otp) => await postJson(app, '/me/phone-number/verify', { otp }, { headers: { authorization } })
    }
  }
}

for (const [where, redis] of [['in memory', {}], ['in Redis', { REDIS_URL: serviceUrl('TEST_REDIS_URL') }]] as const) {
  for (const [route, prepare] of Object.entries(uses)) {
    t.test(`${route}: one of three identical requests succeeds, and the others learn that the code was used (${where})`, async (t) => {
      const clock = createClock()
      const app = await build(t, { clock, env: redis })
      const { otp, answer } = await prepare(app)
      const replies = await Promise.all([answer(otp), answer(otp), answer(otp)])
      const refused = replies.filter(({ status }) => status !== 200)
      t.match(refused, [used, used])
      for (const { body } of refused) t.strictSame(Object.keys(body).sort(), ['code', 'error', 'request_id'], 'the reply has no token')
      t.match(await tracesOf(app), { users: 1, tokens: 1 })
      t.match(await answer(otp), used, 'a later repeat gets the same answer')
      t.match(await answer(toWrongCode(otp)), wrong, 'any other code is wrong')
      clock.advance(300_000)
      t.match(await answer(otp), wrong, 'the code is unknown after its life')
    })

    t.test(`${route}: guesses after the use of a code are counted, and repeats of it are not (${where})`, async (t) => {
      const clock = createClock()
      const app = await build(t, { clock, env: redis })
      const { otp, answer } = await prepare(app)
      t.equal((await answer(otp)).status, 200)
      for (let count = 0; count < 12; count++) t.match(await answer(otp), used)
      for (let count = 0; count < 5; count++) t.match(await answer(toWrongCode(otp)), wrong)
      t.match(await answer(otp), { status: 429, body: { code: 'CHR_OTP_LOCKED' } }, 'a lockout does not reveal the code to a guess')
      clock.advance(30_000)
      t.match(await answer(otp), used, 'the code is recognized after the lockout')
    })
  }

  t.test(`a repeat of a used code takes nothing from the limit of its address (${where})`, async (t) => {
    const app = await build(t, { env: { ...redis, LIMIT_VERIFIES_PER_ADDRESS_HOUR: '3' } })
    const { otp, answer } = await prepareVerify(app)
    t.equal((await answer(otp)).status, 200)
    for (let count = 0; count < 5; count++) t.match(await answer(otp), used)
    for (let count = 0; count < 2; count++) t.match(await answer(toWrongCode(otp)), wrong)
    t.match(await answer(otp), { status: 429, body: { code: 'CHR_RATE_LIMITED' } })
  })
}

t.test('a repeat from a trusted device is recognized during a lockout, and takes none of the guesses of the device', async (t) => {
  const app = await build(t, { clock: createClock() })
  const { phone, deviceToken } = await signUp(app)
  await postJson(app, '/login', { phone_number: phone })
  const otp = await readCode(app, phone, 2)
  const answer = async (code: string) => await postJson(app, '/verify', { phone_number: phone, otp: code, device_token: deviceToken })
  t.equal((await answer(otp)).status, 200)
  for (let count = 0; count < 5; count++) t.match(await postJson(app, '/verify', { phone_number: phone, otp: toWrongCode(otp) }), wrong)
  for (let count = 0; count < 6; count++) t.match(await answer(otp), used)
  for (let count = 0; count < 5; count++) t.match(await answer(toWrongCode(otp)), wrong)
  t.match(await answer(otp), { status: 429, body: { code: 'CHR_OTP_LOCKED' } }, 'the device has no guesses left')
})

t.test('a repeat is recorded as a security event of its own', async (t) => {
  const app = await build(t)
  const { otp, answer } = await prepareVerify(app)
  await answer(otp)
  const events = t.capture(app.securityLog, 'record', app.securityLog.record)
  await answer(otp)
  t.match(events().map(({ args }) => args), [['otp.used', { phone: /^\+91/ }]])
})
