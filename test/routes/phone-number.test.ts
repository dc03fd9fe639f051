import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { deleteExpiredTokens } from '../../plugins/maintenance/expired-tokens.ts'
import { serviceUrl } from '../support/databases.ts'
import { build, createClock, createPhone, postJson, readCode, signUp, type Session } from '../support/helper.ts'
import { until } from '../support/polling.ts'

type Method = 'GET' | 'POST' | 'DELETE'

async function ask (app: FastifyInstance, { authorization }: { authorization: string }, method: Method, url: string, payload?: object) {
  const answer = await app.inject({ method, url, headers: { authorization }, ...(payload === undefined ? {} : { payload }) })
  return { status: answer.statusCode, body: answer.json() }
}

const request = async (app: FastifyInstance, session: Session, phone: string) =>
  await ask(app, session, 'POST', '/me/phone-number', { phone_number: phone })
const take = async (app: FastifyInstance, session: Session, otp: string) => await ask(app, session, 'POST', '/me/phone-number/verify', { otp })
const wrong = { status: 401, body: { code: 'CHR_OTP_INVALID' } }

async function logIn (app: FastifyInstance, phone: string): Promise<Session> {
  const count = (app.carrier?.messages({ to: phone }) ?? []).length
  await postJson(app, '/login', { phone_number: phone })
  const { body } = await postJson(app, '/verify', { phone_number: phone, otp: await readCode(app, phone, count + 1) })
  const { token, data, device_token: deviceToken } = body as { token: string, data: { id: number }, device_token: string }
  return { token, userId: data.id, phone, authorization: `Bearer ${token}`, deviceToken }
}

for (const [where, env] of [['in memory', {}], ['in Redis', { REDIS_URL: serviceUrl('TEST_REDIS_URL') }]] as const) {
  t.test(`an account moves to a number that proves itself (${where})`, async (t) => {
    const app = await build(t, { env })
    const owner = await signUp(app)
    const elsewhere = await logIn(app, owner.phone)
    const phone = createPhone()
    t.match(await request(app, owner, phone), { status: 200, body: { success: true, message: 'OTP sent successfully', expires_in: 300, resend_in: 30 } })
    t.equal((await ask(app, elsewhere, 'GET', '/me')).body.data.phone_number, owner.phone, 'nothing has changed yet')
    t.match(await take(app, owner, await readCode(app, phone)), { status: 200, body: { data: { id: owner.userId, phone_number: phone, version: 2 } } })
    t.equal((await ask(app, owner, 'GET', '/protected')).status, 200, 'the session that moved it goes on')
    t.equal((await ask(app, elsewhere, 'GET', '/protected')).status, 401, 'all others end')
    t.equal((await logIn(app, phone)).userId, owner.userId)
    await until('the old number is told', () => (app.carrier?.messages({ to: owner.phone }) ?? []).length === 3)
    const [notice] = app.carrier?.messages({ to: owner.phone }) ?? []
    t.match(notice?.body, /^Cheershare: .*moved to another phone number/)
    t.notMatch(notice?.body, /\d/)
    t.match(await postJson(app, '/login', { phone_number: owner.phone }), { status: 200 }, 'the old one is free')
  })
}

t.test('a code for a change opens nothing else, and nobody else\'s change', async (t) => {
  const app = await build(t)
  const [owner, other] = [await signUp(app), await signUp(app)]
  const phone = createPhone()
  await request(app, owner, phone)
  const otp = await readCode(app, phone)
  t.match(await postJson(app, '/verify', { phone_number: phone, otp, name: 'Mallory' }), wrong)
  t.match(await take(app, other, otp), wrong)
  t.equal((await take(app, owner, otp)).status, 200)
  t.match(await take(app, owner, otp), wrong, 'it is used up')
})

t.test('a login code does not confirm a change', async (t) => {
  const clock = createClock()
  const app = await build(t, { clock })
  const owner = await signUp(app)
  const phone = createPhone()
  await postJson(app, '/signup', { name: 'Ravi', phone_number: phone })
  const otp = await readCode(app, phone)
  clock.advance(30_000)
  await request(app, owner, phone)
  if (await readCode(app, phone, 2) !== otp) t.match(await take(app, owner, otp), wrong)
})

t.test('a later change replaces the one before it', async (t) => {
  const app = await build(t)
  const owner = await signUp(app)
  const [first, second] = [createPhone(), createPhone()]
  await request(app, owner, first)
  const old = await readCode(app, first)
  await request(app, owner, second)
  const otp = await readCode(app, second)
  if (old !== otp) t.match(await take(app, owner, old), wrong)
  t.match(await take(app, owner, otp), { status: 200, body: { data: { phone_number: second } } })
})

t.test('a cancelled change opens nothing, and sends its number no more SMS than any other', async (t) => {
  const clock = createClock()
  const app = await build(t, { clock })
  const owner = await signUp(app)
  const phone = createPhone()
  await request(app, owner, phone)
  const otp = await readCode(app, phone)
  t.match(await ask(app, owner, 'DELETE', '/me/phone-number/pending'), { status: 200, body: { success: true } })
  t.match(await take(app, owner, otp), wrong)
  t.match(await ask(app, owner, 'DELETE', '/me/phone-number/pending'), { status: 404 })
  t.match(await request(app, owner, phone), { status: 429, body: { code: 'CHR_RATE_LIMITED' } })
  clock.advance(30_000)
  t.match(await request(app, owner, phone), { status: 200, body: { resend_in: 60 } })
})

t.test('a number that has an account answers as any other, and a right code for it as a wrong one', async (t) => {
  const app = await build(t)
  const [owner, other] = [await signUp(app), await signUp(app)]
  const [taken, free] = [await request(app, owner, other.phone), await request(app, await signUp(app), createPhone())]
  t.same({ ...taken, body: { ...taken.body, delivery_id: '' } }, { ...free, body: { ...free.body, delivery_id: '' } })
  t.match(await take(app, owner, await readCode(app, other.phone, 2)), wrong)
  t.equal((await ask(app, owner, 'GET', '/me')).body.data.phone_number, owner.phone)
  t.equal((await ask(app, other, 'GET', '/protected')).status, 200)
})

t.test('of two accounts that race for one number one wins', async (t) => {
  const clock = createClock()
  const app = await build(t, { clock })
  const racers = [await signUp(app), await signUp(app)]
  const phone = createPhone()
  const codes: string[] = []
  for (const [index, racer] of racers.entries()) {
    clock.advance(60_000)
    t.equal((await request(app, racer, phone)).status, 200)
    codes.push(await readCode(app, phone, index + 1))
  }
  const answers = await Promise.all(racers.map(async (racer, index) => await take(app, racer, codes[index] ?? '')))
  t.same(answers.map(({ status }) => status).sort(), [200, 401])
  t.equal((await app.pg.pool.query('select from users where phone_number = $1', [phone])).rowCount, 1)
})

t.test('50 right codes at once move the account once', async (t) => {
  const app = await build(t)
  const owner = await signUp(app)
  const phone = createPhone()
  await request(app, owner, phone)
  const otp = await readCode(app, phone)
  const answers = await Promise.all(Array.from({ length: 50 }, async () => await take(app, owner, otp)))
  t.equal(answers.filter(({ status }) => status === 200).length, 1)
  t.ok(answers.every(({ status }) => [200, 401].includes(status)))
  t.equal((await ask(app, owner, 'GET', '/me')).body.data.version, 2)
})

t.test('wrong codes count for the number, and lock it', async (t) => {
  const app = await build(t)
  const owner = await signUp(app)
  const phone = createPhone()
  await request(app, owner, phone)
  const otp = await readCode(app, phone)
  const guess = otp === '000000' ? '000001' : '000000'
  for (let count = 0; count < 5; count++) t.match(await take(app, owner, guess), wrong)
  t.match(await request(app, owner, phone), { status: 429, body: { code: 'CHR_OTP_LOCKED' } })
  t.match(await take(app, owner, otp), { status: 429, body: { code: 'CHR_OTP_LOCKED' } })
  t.match(await postJson(app, '/login', { phone_number: phone }), { status: 429, body: { code: 'CHR_OTP_LOCKED' } })
})

t.test('it needs a login within ten minutes, and a number that is another', async (t) => {
  const clock = createClock()
  const app = await build(t, { clock })
  const owner = await signUp(app)
  t.match(await request(app, owner, owner.phone), { status: 400, body: { code: 'CHR_VALIDATION', details: [{ path: 'phone_number' }] } })
  t.match(await request(app, owner, 'asha'), { status: 400, body: { code: 'CHR_PHONE_INVALID' } })
  const phone = createPhone()
  await request(app, owner, phone)
  clock.advance(600_000)
  t.equal((await request(app, owner, createPhone())).status, 200, 'at ten minutes')
  clock.advance(1000)
  t.match(await request(app, owner, createPhone()), { status: 403, body: { code: 'CHR_REAUTHENTICATE' } })
  t.match(await ask(app, { authorization: 'Bearer x' }, 'POST', '/me/phone-number', { phone_number: phone }), { status: 401 })
})

t.test('codes under way for the old and the new number die with the change', async (t) => {
  const clock = createClock()
  const app = await build(t, { clock })
  const owner = await signUp(app)
  const phone = createPhone()
  await postJson(app, '/login', { phone_number: owner.phone })
  const loginCode = await readCode(app, owner.phone, 2)
  await postJson(app, '/signup', { name: 'Ravi', phone_number: phone })
  const signupCode = await readCode(app, phone)
  clock.advance(30_000)
  await request(app, owner, phone)
  t.equal((await take(app, owner, await readCode(app, phone, 2))).status, 200)
  t.match(await postJson(app, '/verify', { name: 'Mallory', phone_number: owner.phone, otp: loginCode }), wrong)
  t.match(await postJson(app, '/verify', { name: 'Mallory', phone_number: phone, otp: signupCode }), wrong)
})

t.test('what nobody foresaw keeps the old number, and the next SMS may go out at once', async (t) => {
  const app = await build(t)
  const owner = await signUp(app)
  const phone = createPhone()
  await request(app, owner, phone)
  await app.pg.pool.query(`alter table users add constraint not_this_one check (phone_number <> '${phone}')`)
  t.match(await take(app, owner, await readCode(app, phone)), { status: 500, body: { code: 'CHR_INTERNAL' } })
  t.match((await ask(app, owner, 'GET', '/me')).body.data, { phone_number: owner.phone, version: 1 })
  t.match(await request(app, owner, phone), { status: 200, body: { resend_in: 30 } })
})

t.test('an account that goes while its number is changed is nobody\'s', async (t) => {
  const app = await build(t)
  const owner = await signUp(app)
  const session = await app.tokens.findSession(owner.token)
  if (session === undefined) return t.fail('there is a session')
  const phone = createPhone()
  await request(app, owner, phone)
  const otp = await readCode(app, phone)
  const { verify: takeCode } = app.codes
  t.intercept(app.codes, 'verify', {
    value: async (...args: Parameters<typeof takeCode>) => {
      const verdict = await takeCode(...args)
      await app.accounts.delete(owner.userId)
      return verdict
    }
  })
  await t.rejects(app.phoneChange.verify(session, { otp, address: undefined }), { code: 'CHR_UNAUTHENTICATED' })
  await t.rejects(app.phoneChange.request(session, { phoneNumber: phone, address: undefined }), { code: 'CHR_UNAUTHENTICATED' })
  t.equal((await app.pg.pool.query('select from users')).rowCount, 0)
})

t.test('a code that is tried with nothing pending counts for the address, and is in the log', async (t) => {
  const app = await build(t, { env: { LIMIT_VERIFIES_PER_ADDRESS_HOUR: '3' } })
  const owner = await signUp(app)
  const events = t.capture(app.securityLog, 'record', app.securityLog.record)
  for (let count = 0; count < 2; count++) t.match(await take(app, owner, '123456'), wrong)
  t.match(events().map(({ args }) => args), [['otp.failed', { userId: owner.userId }], ['otp.failed']])
  t.match(await take(app, owner, '123456'), { status: 429, body: { code: 'CHR_RATE_LIMITED' } })
})

t.test('a login with the old number that races the change leaves no session behind', async (t) => {
  const clock = createClock()
  const app = await build(t, { clock, env: { LIMIT_SENDS_PER_PHONE_HOUR: '0', LIMIT_SENDS_PER_PHONE_DAY: '0' } })
  for (let round = 0; round < 20; round++) {
    const owner = await signUp(app)
    const phone = createPhone()
    await request(app, owner, phone)
    await postJson(app, '/login', { phone_number: owner.phone })
    const [code, loginCode] = [await readCode(app, phone), await readCode(app, owner.phone, 2)]
    const [moved, login] = await Promise.all([take(app, owner, code), postJson(app, '/verify', { phone_number: owner.phone, otp: loginCode })])
    t.equal(moved.status, 200)
    const token = String(login.body['token'])
    if (login.status !== 200) continue
    t.equal((await ask(app, { authorization: `Bearer ${token}` }, 'GET', '/me')).status, 401)
  }
})

t.test('known devices of the account know nothing of its new number', async (t) => {
  const app = await build(t)
  const owner = await signUp(app)
  const phone = createPhone()
  await request(app, owner, phone)
  t.equal((await take(app, owner, await readCode(app, phone))).status, 200)
  t.equal((await app.pg.pool.query('select from device_tokens')).rowCount, 0)
})

t.test('a store that goes away after the move takes nothing back, and the old number is told all the same', async (t) => {
  const app = await build(t)
  const owner = await signUp(app)
  const phone = createPhone()
  await request(app, owner, phone)
  // As an account from before languages were known.
  await app.pg.pool.query('update users set language = null')
  t.intercept(app.otp, 'revoke', { value: async () => { throw new Error('Redis is gone') } })
  t.match(await take(app, owner, await readCode(app, phone)), { status: 200, body: { data: { phone_number: phone } } })
  await until('the old number is told', () => (app.carrier?.messages({ to: owner.phone }) ?? []).length === 2)
})

t.test('a change that nobody confirms is over after ten minutes', async (t) => {
  const clock = createClock()
  const app = await build(t, { clock })
  const owner = await signUp(app)
  const phone = createPhone()
  await request(app, owner, phone)
  clock.advance(601_000)
  t.match(await take(app, owner, await readCode(app, phone)), wrong)
  t.equal((await ask(app, owner, 'GET', '/me/export')).body.pending_phone_change, null)
  t.match(await ask(app, owner, 'DELETE', '/me/phone-number/pending'), { status: 404 })
  clock.advance(3_600_000)
  await request(app, await signUp(app), createPhone())
  await deleteExpiredTokens(app)
  t.equal((await app.pg.pool.query('select from phone_changes')).rowCount, 1)
})

t.test('an account that is deleted while it asks for another number is nobody\'s', async (t) => {
  const app = await build(t)
  const owner = await signUp(app)
  const session = await app.tokens.findSession(owner.token)
  if (session === undefined) return t.fail('there is a session')
  const { send } = app.codes
  t.intercept(app.codes, 'send', {
    value: async (...args: Parameters<typeof send>) => {
      await app.accounts.delete(owner.userId)
      return await send(...args)
    }
  })
  await t.rejects(app.phoneChange.request(session, { phoneNumber: createPhone(), address: undefined }), { code: 'CHR_UNAUTHENTICATED' })
})

t.test('a number whose country is closed is refused, and what nobody foresaw is no success', async (t) => {
  const app = await build(t, { env: { SMS_COUNTRIES: 'IN' } })
  const owner = await signUp(app)
  t.match(await request(app, owner, '+447911123456'), { status: 422, body: { code: 'CHR_PHONE_NOT_ALLOWED' } })
  await app.pg.pool.query('alter table phone_changes add constraint never check (user_id < 0)')
  t.match(await request(app, owner, createPhone()), { status: 500, body: { code: 'CHR_INTERNAL' } })
})
