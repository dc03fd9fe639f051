import fp from 'fastify-plugin'
import t, { type Test } from 'tap'
import otp from '../../../plugins/auth/otp.ts'
import type { OtpStore } from '../../../plugins/auth/otp-store/contract.ts'
import otpStore from '../../../plugins/auth/otp-store/index.ts'
import { createMemoryOtpStore } from '../../../plugins/auth/otp-store/memory.ts'
import health from '../../../plugins/platform/health.ts'
import redis from '../../../plugins/platform/redis/index.ts'
import secrets from '../../../plugins/platform/secrets.ts'
import { compose } from '../../support/compose.ts'
import { serviceUrl } from '../../support/databases.ts'
import { createClock, createPhone } from '../../support/helper.ts'
import { edit, readFields } from './otp-store/records.ts'

const [old, fresh] = ['old secret '.repeat(4), 'fresh secret '.repeat(4)].map((text) => text.trim())
const phoneHashSecret = 'phone hash secret '.repeat(2)

/** An instance with the real store, in Redis, so that what one makes another finds. */
async function start (t: Test, appSecret: string | undefined, env: Record<string, string> = {}) {
  const clock = createClock()
  const shared = { REDIS_URL: serviceUrl('TEST_REDIS_URL'), PHONE_HASH_SECRET: phoneHashSecret, APP_SECRET: appSecret ?? '' }
  const { app } = await compose(t, [health, redis, otpStore, secrets, otp], { clock, env: { ...shared, ...env } })
  return { app, otp: app.otp, clock }
}

/** An instance whose store does as the test says. */
async function startWith (t: Test, store: OtpStore) {
  const fake = fp(async (fastify) => { fastify.decorate('otpStore', store) }, { name: 'otp-store' })
  const { app } = await compose(t, [fake, secrets, otp])
  return app.otp
}

function idOf (outcome: object): string {
  return 'challengeId' in outcome ? String(outcome.challengeId) : ''
}

t.test('a requested code opens by its id, is the same for a resend, and is right once', async (t) => {
  const { otp, clock } = await start(t, old)
  const phone = createPhone()
  const sent = await otp.request({ phone, name: 'Asha' })
  const opened = await otp.open(idOf(sent))
  t.match(opened, { phone, code: /^\d{6}$/, expiresAt: clock.now() + 300_000 })
  clock.advance(30_000)
  const resent = await otp.request({ phone, name: 'Asha' })
  t.match(resent, { kind: 'sent', sendAttempt: 2 })
  t.strictSame(await otp.open(idOf(resent)), { phone, code: opened?.code, expiresAt: clock.now() + 300_000 })
  t.strictSame(await otp.verify({ phone, code: opened?.code ?? '', canRegister: false }), { kind: 'right', challengeId: idOf(sent), sendAttempt: 2, name: 'Asha', isTest: false })
  t.strictSame(await otp.verify({ phone, code: opened?.code ?? '', canRegister: false }), { kind: 'wrong' })
  t.equal(await otp.open(idOf(sent)), undefined, 'a used challenge opens no more')
})

t.test('codes have the length and life that are configured', async (t) => {
  for (const length of [4, 10]) {
    const { otp, clock } = await start(t, old, { OTP_LENGTH: String(length), OTP_TTL_SECONDS: '60' })
    const sent = await otp.request({ phone: createPhone(), name: undefined })
    t.match(await otp.open(idOf(sent)), { code: new RegExp(`^\\d{${length}}$`), expiresAt: clock.now() + 60_000 })
    clock.advance(60_000)
    t.equal(await otp.open(idOf(sent)), undefined)
  }
})

t.test('a code under way keeps its length when the configured one changes', async (t) => {
  const [before, after] = [await start(t, old), await start(t, old, { OTP_LENGTH: '8' })]
  const phone = createPhone()
  const id = idOf(await before.otp.request({ phone, name: 'Asha' }))
  const code = (await after.otp.open(id))?.code ?? ''
  t.equal(code, (await before.otp.open(id))?.code)
  t.equal((await after.otp.verify({ phone, code, canRegister: true })).kind, 'right')
})

t.test('only the exact code of the number is right', async (t) => {
  const { otp } = await start(t, old)
  const [phone, other] = [createPhone(), createPhone()]
  const code = (await otp.open(idOf(await otp.request({ phone, name: 'Asha' }))))?.code ?? ''
  await otp.request({ phone: other, name: 'Usha' })
  t.equal((await otp.verify({ phone: other, code, canRegister: true })).kind, 'wrong', 'not for another number')
  for (const text of ['', ` ${code}`, `${code} `, code.slice(1), `${code}0`]) {
    t.equal((await otp.verify({ phone: createPhone(), code: text, canRegister: true })).kind, 'wrong')
  }
  t.equal((await otp.verify({ phone, code, canRegister: true })).kind, 'right')
})

t.test('the name is what the sends agreed on', async (t) => {
  const { otp } = await start(t, old)
  const names: Array<[string | undefined, string | undefined, string | undefined]> = [
    ['Asha', 'Asha', 'Asha'], ['Asha', 'Usha', undefined], [undefined, undefined, undefined]
  ]
  for (const [first, second, agreed] of names) {
    const phone = createPhone()
    const sent = await otp.request({ phone, name: first })
    await otp.request({ phone, name: second })
    const code = (await otp.open(idOf(sent)))?.code ?? ''
    if (agreed === undefined) t.strictSame(await otp.verify({ phone, code, canRegister: false }), { kind: 'name_required' })
    t.strictSame(await otp.verify({ phone, code, canRegister: true }), { kind: 'right', challengeId: idOf(sent), sendAttempt: 1, name: agreed, isTest: false }, `${first}, ${second}`)
  }
})

t.test('five wrong codes lock the number, and unlocking frees it', async (t) => {
  const { otp, clock } = await start(t, old)
  const phone = createPhone()
  await otp.request({ phone, name: 'Asha' })
  for (let count = 0; count < 5; count++) await otp.verify({ phone, code: 'wrong', canRegister: true })
  const locked = { kind: 'locked', retryAt: clock.now() + 30_000 }
  t.strictSame([await otp.verify({ phone, code: '1', canRegister: true }), await otp.request({ phone, name: 'Asha' })], [locked, locked])
  await otp.unlock(phone)
  t.equal((await otp.request({ phone, name: 'Asha' })).kind, 'sent')
})

t.test('a challenge of the old secret opens, repeats and verifies while the old one is in force', async (t) => {
  const before = await start(t, old)
  for (const rotated of [`${old},${fresh}`, `${fresh},${old}`]) {
    const phone = createPhone()
    const sent = await before.otp.request({ phone, name: 'Asha' })
    const opened = await before.otp.open(idOf(sent))
    const after = await start(t, rotated)
    t.strictSame(await after.otp.open(idOf(sent)), opened)
    after.clock.advance(30_000)
    t.strictSame(idOf(await after.otp.request({ phone, name: 'Asha' })), idOf(sent), 'a resend keeps the code')
    t.equal((await after.otp.open(idOf(sent)))?.code, opened?.code)
    t.strictSame(await after.otp.verify({ phone, code: opened?.code ?? '', canRegister: false }), { kind: 'right', challengeId: idOf(sent), sendAttempt: 2, name: 'Asha', isTest: false })
  }
})

t.test('instances in the middle of a rotation verify what the others made', async (t) => {
  const [early, late] = [await start(t, `${old},${fresh}`), await start(t, `${fresh},${old}`)]
  for (const [maker, checker] of [[early, late], [late, early]] as const) {
    const phone = createPhone()
    const code = (await maker.otp.open(idOf(await maker.otp.request({ phone, name: 'Asha' }))))?.code ?? ''
    t.match(await checker.otp.verify({ phone, code, canRegister: false }), { kind: 'right', sendAttempt: 1, name: 'Asha', isTest: false })
  }
})

t.test('a challenge whose secret is gone opens nothing and takes no code', async (t) => {
  const before = await start(t, old)
  const phone = createPhone()
  const sent = await before.otp.request({ phone, name: 'Asha' })
  const code = (await before.otp.open(idOf(sent)))?.code ?? ''
  const after = await start(t, fresh)
  t.equal(await after.otp.open(idOf(sent)), undefined)
  t.strictSame(await after.otp.verify({ phone, code, canRegister: true }), { kind: 'wrong' })
})

t.test('a challenge whose sealed part was changed or exchanged opens nothing, not even with its code', async (t) => {
  const { app, otp } = await start(t, old)
  const [phone, other] = [createPhone(), createPhone()]
  const sent = await otp.request({ phone, name: 'Asha' })
  const code = (await otp.open(idOf(sent)))?.code ?? ''
  await otp.request({ phone: other, name: 'Usha' })
  const keyOf = (number: string) => `otp:{${app.secrets.hashPhone(number)}}:login`
  const { sealed: sealedOfOther } = await readFields(app.redis, keyOf(other))
  t.type(sealedOfOther, 'string')
  for (const sealed of [sealedOfOther, 'x']) {
    await edit(app.redis, keyOf(phone), 'sealed', JSON.stringify(sealed))
    t.equal(await otp.open(idOf(sent)), undefined)
  }
  t.strictSame(await otp.verify({ phone, code, canRegister: true }), { kind: 'wrong' })
})

t.test('an id that was never given opens nothing', async (t) => {
  const { otp } = await start(t, old)
  for (const id of ['', 'x', 'a.login.b', 'a.b.c.d', '..']) t.equal(await otp.open(id), undefined, id)
})

t.test('a store that names a secret nobody has opens nothing', async (t) => {
  const right = { kind: 'right' as const, challengeId: 'id', sendAttempt: 1, secretId: 'unknown', sealed: 'x', isNameDisputed: false }
  const otp = await startWith(t, { ...createMemoryOtpStore(), verify: async () => right })
  t.strictSame(await otp.verify({ phone: createPhone(), code: '123456', canRegister: true }), { kind: 'wrong' })
})
