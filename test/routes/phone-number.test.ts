import t from 'tap'
import { deleteExpiredTokens } from '../../plugins/maintenance/expired-tokens.ts'
import { serviceUrl } from '../support/databases.ts'
import { build, createClock, createPhone, postJson, readCode, signUp } from '../support/helper.ts'
import { confirmChange, logIn, requestAs, requestChange } from '../support/phone-changes.ts'
import { until } from '../support/polling.ts'

const wrong = { status: 401, body: { code: 'CHR_OTP_INVALID' } }

for (const [where, env] of [['in memory', {}], ['in Redis', { REDIS_URL: serviceUrl('TEST_REDIS_URL') }]] as const) {
  t.test(`an account gets a new number after its code is verified (${where})`, async (t) => {
    const app = await build(t, { env })
    const owner = await signUp(app)
    const otherSession = await logIn(app, owner.phone)
    const phone = createPhone()
    t.match(await requestChange(app, owner, phone), { status: 200, body: { success: true, message: 'OTP sent successfully', expires_in: 300, resend_in: 30 } })
    t.equal((await requestAs(app, otherSession, 'GET', '/me')).body.data.phone_number, owner.phone, 'the number is not yet changed')
    t.match(await confirmChange(app, owner, await readCode(app, phone)), { status: 200, body: { data: { id: owner.userId, phone_number: phone, version: 2 } } })
    t.equal((await requestAs(app, owner, 'GET', '/protected')).status, 200, 'the session that changed the number stays valid')
    t.equal((await requestAs(app, otherSession, 'GET', '/protected')).status, 401, 'all other sessions end')
    t.equal((await logIn(app, phone)).userId, owner.userId)
    await until('the old number gets a notice', () => (app.carrier?.messages({ to: owner.phone }) ?? []).length === 3)
    const [notice] = app.carrier?.messages({ to: owner.phone }) ?? []
    t.match(notice?.body, /^Cheershare: .*moved to another phone number/)
    t.notMatch(notice?.body, /\d/)
    t.match(await postJson(app, '/login', { phone_number: owner.phone }), { status: 200 }, 'the old number can be used again')
  })
}

t.test('a code for a change is refused at login and for the change of another user', async (t) => {
  const app = await build(t)
  const [owner, other] = [await signUp(app), await signUp(app)]
  const phone = createPhone()
  await requestChange(app, owner, phone)
  const otp = await readCode(app, phone)
  t.match(await postJson(app, '/verify', { phone_number: phone, otp, name: 'Mallory' }), wrong)
  t.match(await confirmChange(app, other, otp), wrong)
  t.equal((await confirmChange(app, owner, otp)).status, 200)
  t.match(await confirmChange(app, owner, otp), { status: 409, body: { code: 'CHR_OTP_USED' } }, 'a code is accepted only once')
})

t.test('a login code does not confirm a change', async (t) => {
  const clock = createClock()
  const app = await build(t, { clock })
  const owner = await signUp(app)
  const phone = createPhone()
  await postJson(app, '/signup', { name: 'Ravi', phone_number: phone })
  const otp = await readCode(app, phone)
  clock.advance(30_000)
  await requestChange(app, owner, phone)
  if (await readCode(app, phone, 2) !== otp) t.match(await confirmChange(app, owner, otp), wrong)
})

t.test('a later change replaces the pending one', async (t) => {
  const app = await build(t)
  const owner = await signUp(app)
  const [first, second] = [createPhone(), createPhone()]
  await requestChange(app, owner, first)
  const old = await readCode(app, first)
  await requestChange(app, owner, second)
  const otp = await readCode(app, second)
  if (old !== otp) t.match(await confirmChange(app, owner, old), wrong)
  t.match(await confirmChange(app, owner, otp), { status: 200, body: { data: { phone_number: second } } })
})

t.test('the code of a cancelled change is refused, and the resend cooldown of its number stays', async (t) => {
  const clock = createClock()
  const app = await build(t, { clock })
  const owner = await signUp(app)
  const phone = createPhone()
  await requestChange(app, owner, phone)
  const otp = await readCode(app, phone)
  t.match(await requestAs(app, owner, 'DELETE', '/me/phone-number/pending'), { status: 200, body: { success: true } })
  t.match(await confirmChange(app, owner, otp), wrong)
  t.match(await requestAs(app, owner, 'DELETE', '/me/phone-number/pending'), { status: 404 })
  t.match(await requestChange(app, owner, phone), { status: 429, body: { code: 'CHR_RATE_LIMITED' } })
  clock.advance(30_000)
  t.match(await requestChange(app, owner, phone), { status: 200, body: { resend_in: 60 } })
})

t.test('one account gets the number when two race for it', async (t) => {
  const clock = createClock()
  const app = await build(t, { clock })
  const racers = [await signUp(app), await signUp(app)]
  const phone = createPhone()
  const codes: string[] = []
  for (const [index, racer] of racers.entries()) {
    clock.advance(60_000)
    t.equal((await requestChange(app, racer, phone)).status, 200)
    codes.push(await readCode(app, phone, index + 1))
  }
  const responses = await Promise.all(racers.map(async (racer, index) => await confirmChange(app, racer, codes[index] ?? '')))
  t.same(responses.map(({ status }) => status).sort(), [200, 409])
  const message = /Another account has (this|just registered this) number/
  t.match(responses.find(({ status }) => status === 409), { body: { code: 'CHR_PHONE_TAKEN', error: message } })
  t.equal((await app.pg.pool.query('select from users where phone_number = $1', [phone])).rowCount, 1)
})

t.test('50 concurrent requests with the right code change the number once', async (t) => {
  const app = await build(t)
  const owner = await signUp(app)
  const phone = createPhone()
  await requestChange(app, owner, phone)
  const otp = await readCode(app, phone)
  const responses = await Promise.all(Array.from({ length: 50 }, async () => await confirmChange(app, owner, otp)))
  t.equal(responses.filter(({ status }) => status === 200).length, 1)
  t.ok(responses.every(({ status }) => [200, 409].includes(status)))
  t.equal((await requestAs(app, owner, 'GET', '/me')).body.data.version, 2)
})

t.test('wrong codes for a change count as failures of the new number and lock it', async (t) => {
  const app = await build(t)
  const owner = await signUp(app)
  const phone = createPhone()
  await requestChange(app, owner, phone)
  const otp = await readCode(app, phone)
  const guess = otp === '000000' ? '000001' : '000000'
  for (let count = 0; count < 5; count++) t.match(await confirmChange(app, owner, guess), wrong)
  t.match(await requestChange(app, owner, phone), { status: 429, body: { code: 'CHR_OTP_LOCKED' } })
  t.match(await confirmChange(app, owner, otp), { status: 429, body: { code: 'CHR_OTP_LOCKED' } })
  t.match(await postJson(app, '/login', { phone_number: phone }), { status: 429, body: { code: 'CHR_OTP_LOCKED' } })
})

t.test('a change requires a login within the last ten minutes and a different number', async (t) => {
  const clock = createClock()
  const app = await build(t, { clock })
  const owner = await signUp(app)
  t.match(await requestChange(app, owner, owner.phone), { status: 400, body: { code: 'CHR_VALIDATION', details: [{ path: 'phone_number' }] } })
  t.match(await requestChange(app, owner, 'asha'), { status: 400, body: { code: 'CHR_PHONE_INVALID' } })
  const phone = createPhone()
  await requestChange(app, owner, phone)
  clock.advance(600_000)
  t.equal((await requestChange(app, owner, createPhone())).status, 200, 'a login ten minutes ago is recent enough')
  clock.advance(1000)
  t.match(await requestChange(app, owner, createPhone()), { status: 403, body: { code: 'CHR_REAUTHENTICATE' } })
  t.match(await requestAs(app, { authorization: 'Bearer x' }, 'POST', '/me/phone-number', { phone_number: phone }), { status: 401 })
})

t.test('a change revokes the pending codes of the old and the new number', async (t) => {
  const clock = createClock()
  const app = await build(t, { clock })
  const owner = await signUp(app)
  const phone = createPhone()
  await postJson(app, '/login', { phone_number: owner.phone })
  const loginCode = await readCode(app, owner.phone, 2)
  await postJson(app, '/signup', { name: 'Ravi', phone_number: phone })
  const signupCode = await readCode(app, phone)
  clock.advance(30_000)
  await requestChange(app, owner, phone)
  t.equal((await confirmChange(app, owner, await readCode(app, phone, 2))).status, 200)
  t.match(await postJson(app, '/verify', { name: 'Mallory', phone_number: owner.phone, otp: loginCode }), wrong)
  t.match(await postJson(app, '/verify', { name: 'Mallory', phone_number: phone, otp: signupCode }), wrong)
})

t.test('an unexpected error leaves the old number in place and ends the resend cooldown', async (t) => {
  const app = await build(t, { clock: createClock() })
  const owner = await signUp(app)
  const phone = createPhone()
  await requestChange(app, owner, phone)
  await app.pg.pool.query(`alter table users add constraint not_this_one check (phone_number <> '${phone}')`)
  t.match(await confirmChange(app, owner, await readCode(app, phone)), { status: 500, body: { code: 'CHR_INTERNAL' } })
  t.match((await requestAs(app, owner, 'GET', '/me')).body.data, { phone_number: owner.phone, version: 1 })
  t.match(await requestChange(app, owner, phone), { status: 200, body: { resend_in: 30 } })
})

t.test('a change is refused when the account is deleted while its code is verified', async (t) => {
  const app = await build(t)
  const owner = await signUp(app)
  const session = await app.tokens.findSession(owner.token)
  if (session === undefined) return t.fail('the session was not found')
  const phone = createPhone()
  await requestChange(app, owner, phone)
  const otp = await readCode(app, phone)
  const { verify: verifyCode } = app.codes
  t.intercept(app.codes, 'verify', {
    value: async (...args: Parameters<typeof verifyCode>) => {
      const outcome = await verifyCode(...args)
      await app.accounts.delete(owner.userId)
      return outcome
    }
  })
  await t.rejects(app.phoneChange.verify(session, { otp, address: undefined }), { code: 'CHR_UNAUTHENTICATED' })
  await t.rejects(app.phoneChange.request(session, { phoneNumber: phone, address: undefined }), { code: 'CHR_UNAUTHENTICATED' })
  t.equal((await app.pg.pool.query('select from users')).rowCount, 0)
})

t.test('a code without a pending change counts towards the limit of the address and is logged', async (t) => {
  const app = await build(t, { env: { LIMIT_VERIFIES_PER_ADDRESS_HOUR: '3' } })
  const owner = await signUp(app)
  const events = t.capture(app.securityLog, 'record', app.securityLog.record)
  for (let count = 0; count < 2; count++) t.match(await confirmChange(app, owner, '123456'), wrong)
  t.match(events().map(({ args }) => args), [['otp.failed', { userId: owner.userId }], ['otp.failed']])
  t.match(await confirmChange(app, owner, '123456'), { status: 429, body: { code: 'CHR_RATE_LIMITED' } })
})

t.test('a login with the old number during the change leaves no valid session', async (t) => {
  const clock = createClock()
  const app = await build(t, { clock, env: { LIMIT_SENDS_PER_PHONE_HOUR: '0', LIMIT_SENDS_PER_PHONE_DAY: '0' } })
  for (let round = 0; round < 20; round++) {
    const owner = await signUp(app)
    const phone = createPhone()
    await requestChange(app, owner, phone)
    await postJson(app, '/login', { phone_number: owner.phone })
    const [code, loginCode] = [await readCode(app, phone), await readCode(app, owner.phone, 2)]
    const [changed, login] = await Promise.all([confirmChange(app, owner, code), postJson(app, '/verify', { phone_number: owner.phone, otp: loginCode })])
    t.equal(changed.status, 200)
    const token = String(login.body['token'])
    if (login.status !== 200) continue
    t.equal((await requestAs(app, { authorization: `Bearer ${token}` }, 'GET', '/me')).status, 401)
  }
})

t.test('a change deletes the device tokens of the account', async (t) => {
  const app = await build(t)
  const owner = await signUp(app)
  const phone = createPhone()
  await requestChange(app, owner, phone)
  t.equal((await confirmChange(app, owner, await readCode(app, phone))).status, 200)
  t.equal((await app.pg.pool.query('select from device_tokens')).rowCount, 0)
})

t.test('the new number stays and the old one gets its notice when the code store fails after the change', async (t) => {
  const app = await build(t)
  const owner = await signUp(app)
  const phone = createPhone()
  await requestChange(app, owner, phone)
  // Accounts that were created before languages were stored have none.
  await app.pg.pool.query('update users set language = null')
  t.intercept(app.otp, 'revoke', { value: async () => { throw new Error('Redis is gone') } })
  t.match(await confirmChange(app, owner, await readCode(app, phone)), { status: 200, body: { data: { phone_number: phone } } })
  await until('the old number gets a notice', () => (app.carrier?.messages({ to: owner.phone }) ?? []).length === 2)
})

t.test('an unconfirmed change expires after ten minutes', async (t) => {
  const clock = createClock()
  const app = await build(t, { clock })
  const owner = await signUp(app)
  const phone = createPhone()
  await requestChange(app, owner, phone)
  clock.advance(601_000)
  t.match(await confirmChange(app, owner, await readCode(app, phone)), wrong)
  t.equal((await requestAs(app, owner, 'GET', '/me/export')).body.pending_phone_change, null)
  t.match(await requestAs(app, owner, 'DELETE', '/me/phone-number/pending'), { status: 404 })
  clock.advance(3_600_000)
  await requestChange(app, await signUp(app), createPhone())
  await deleteExpiredTokens(app)
  t.equal((await app.pg.pool.query('select from phone_changes')).rowCount, 1)
})

t.test('a change is refused when the account is deleted while it is requested', async (t) => {
  const app = await build(t)
  const owner = await signUp(app)
  const session = await app.tokens.findSession(owner.token)
  if (session === undefined) return t.fail('the session was not found')
  const { send } = app.codes
  t.intercept(app.codes, 'send', {
    value: async (...args: Parameters<typeof send>) => {
      await app.accounts.delete(owner.userId)
      return await send(...args)
    }
  })
  await t.rejects(app.phoneChange.request(session, { phoneNumber: createPhone(), address: undefined }), { code: 'CHR_UNAUTHENTICATED' })
})

t.test('a number of a country that is not allowed is refused, and an unexpected error answers 500', async (t) => {
  const app = await build(t, { env: { SMS_COUNTRIES: 'IN' } })
  const owner = await signUp(app)
  t.match(await requestChange(app, owner, '+447911123456'), { status: 422, body: { code: 'CHR_PHONE_NOT_ALLOWED' } })
  await app.pg.pool.query('alter table phone_changes add constraint never check (user_id < 0)')
  t.match(await requestChange(app, owner, createPhone()), { status: 500, body: { code: 'CHR_INTERNAL' } })
})
