import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { serviceUrl } from '../support/databases.ts'
import { build, createClock, createPhone, postJson, readCode, signUp, type Session } from '../support/helper.ts'

/** Locks a number with wrong codes, as an attacker who knows only the number can. */
async function lockNumber (app: FastifyInstance, phone: string): Promise<void> {
  await postJson(app, '/login', { phone_number: phone })
  const code = await readCode(app, phone)
  const wrong = code === '000000' ? '000001' : '000000'
  for (let count = 0; count < 5; count++) await postJson(app, '/verify', { phone_number: phone, otp: wrong })
}

async function findDeviceHash (app: FastifyInstance, session: Session): Promise<string> {
  const { rows: [row] } = await app.pg.pool.query(
    'select encode(hash, \'hex\') as hash from device_tokens where user_id = $1', [session.userId]
  )
  return row.hash
}

for (const [where, env] of [['in memory', {}], ['in Redis', { REDIS_URL: serviceUrl('TEST_REDIS_URL') }]] as const) {
  t.test(`the owner of a number that an attacker locked can still sign in from a known device (${where})`, async (t) => {
    const app = await build(t, { env })
    const owner = await signUp(app)
    const device = owner.deviceToken
    await lockNumber(app, owner.phone)
    t.match(await postJson(app, '/login', { phone_number: owner.phone }), { status: 429, body: { code: 'CHR_OTP_LOCKED' } })
    const before = (app.carrier?.messages({ to: owner.phone }) ?? []).length
    t.match(await postJson(app, '/login', { phone_number: owner.phone, device_token: device }), {
      status: 200, body: { success: true, expires_in: 300 }
    })
    const otp = await readCode(app, owner.phone, before + 1)
    t.match(await postJson(app, '/verify', { phone_number: owner.phone, otp }), { status: 429 }, 'the code alone is refused')
    const response = await postJson(app, '/verify', { phone_number: owner.phone, otp, device_token: device })
    t.match(response, { status: 200, body: { data: { id: owner.userId }, device_token: device } })
    t.equal((await postJson(app, '/login', { phone_number: owner.phone })).status, 200, 'the login unlocks the number')
  })
}

t.test('a device token is random, is stored as a hash and does not authenticate by itself', async (t) => {
  const app = await build(t)
  const owner = await signUp(app)
  t.match(owner.deviceToken, /^[A-Z2-7]{26}$/)
  t.not(owner.deviceToken, owner.token)
  t.match(await findDeviceHash(app, owner), /^[0-9a-f]{64}$/)
  const other = await signUp(app)
  t.not(other.deviceToken, owner.deviceToken)
  t.equal((await app.inject({ url: '/protected', headers: { authorization: `Bearer ${owner.deviceToken}` } })).statusCode, 401)
  t.match(await postJson(app, '/verify', { phone_number: owner.phone, otp: '123456', device_token: owner.deviceToken }), { status: 401 })
})

t.test('a device token that is unknown, expired or of another user has no effect', async (t) => {
  const clock = createClock()
  const app = await build(t, { clock })
  const [owner, other] = [await signUp(app), await signUp(app)]
  clock.advance(60_000)
  await lockNumber(app, owner.phone)
  for (const token of [other.deviceToken, 'A'.repeat(26)]) {
    t.equal((await postJson(app, '/login', { phone_number: owner.phone, device_token: token })).status, 429)
  }
  clock.advance(90 * 86_400_000)
  await lockNumber(app, owner.phone)
  t.equal((await postJson(app, '/login', { phone_number: owner.phone, device_token: owner.deviceToken })).status, 429)
})

t.test('a malformed device token is refused with an error that names the field', async (t) => {
  const app = await build(t)
  for (const token of ['', 'x', 'A'.repeat(25), 'a'.repeat(26), 26, null]) {
    t.match(await postJson(app, '/login', { phone_number: createPhone(), device_token: token }), {
      status: 400, body: { code: 'CHR_VALIDATION', details: [{ path: 'device_token' }] }
    })
  }
})

t.test('each login of a device renews its token and creates no other', async (t) => {
  const clock = createClock()
  const app = await build(t, { clock })
  const owner = await signUp(app)
  clock.advance(80 * 86_400_000)
  await postJson(app, '/login', { phone_number: owner.phone, device_token: owner.deviceToken })
  await postJson(app, '/verify', { phone_number: owner.phone, otp: await readCode(app, owner.phone, 2), device_token: owner.deviceToken })
  clock.advance(80 * 86_400_000)
  await lockNumber(app, owner.phone)
  t.equal((await postJson(app, '/login', {
    phone_number: owner.phone, device_token: owner.deviceToken
  })).status, 200, 'the token is valid after 160 days')
  t.equal((await app.pg.pool.query('select from device_tokens')).rowCount, 1)
})
