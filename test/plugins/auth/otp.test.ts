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

/** Starts an instance with the real store in Redis, so that other instances find its codes. */
async function start (t: Test, appSecret: string | undefined, env: Record<string, string> = {}) {
  const clock = createClock()
  const shared = { REDIS_URL: serviceUrl('TEST_REDIS_URL'), PHONE_HASH_SECRET: phoneHashSecret, APP_SECRET: appSecret ?? '' }
  const { app } = await compose(t, [health, redis, otpStore, secrets, otp], { clock, env: { ...shared, ...env } })
  return { app, otp: app.otp, clock }
}

/** Starts an instance with the given store. */
async function startWith (t: Test, store: OtpStore) {
  const fake = fp(async (fastify) => { fastify.decorate('otpStore', store) }, { name: 'otp-store' })
  const { app } = await compose(t, [fake, secrets, otp])
  return app.otp
}

function toChallengeId (outcome: object): string {
  return 'challengeId' in outcome ? String(outcome.challengeId) : ''
}

t.test('a requested code can be opened by its id, stays the same in a resend and is right once', async (t) => {
  const { otp, clock } = await start(t, old)
  const phone = createPhone()
  const sent = await otp.request({ phone, name: 'Asha' })
  const opened = await otp.open(toChallengeId(sent))
  t.match(opened, { phone, code: /^\d{6}$/, expiresAt: clock.now() + 300_000 })
  clock.advance(30_000)
  const resent = await otp.request({ phone, name: 'Asha' })
  t.match(resent, { kind: 'sent', sendAttempt: 2 })
  t.strictSame(await otp.open(toChallengeId(resent)), { phone, code: opened?.code, expiresAt: clock.now() + 300_000 })
  t.strictSame(await otp.verify({ phone, code: opened?.code ?? '', canRegister: false }), {
    kind: 'right', challengeId: toChallengeId(sent), sendAttempt: 2, name: 'Asha', isTest: false
  })
  t.strictSame(await otp.verify({ phone, code: opened?.code ?? '', canRegister: false }), { kind: 'used' })
  t.equal(await otp.open(toChallengeId(sent)), undefined, 'a used challenge cannot be opened')
})

t.test('codes have the configured length and lifetime', async (t) => {
  for (const length of [4, 10]) {
    const { otp, clock } = await start(t, old, { OTP_LENGTH: String(length), OTP_TTL_SECONDS: '60' })
    const sent = await otp.request({ phone: createPhone(), name: undefined })
    t.match(await otp.open(toChallengeId(sent)), { code: new RegExp(`^\\d{${length}}$`), expiresAt: clock.now() + 60_000 })
    clock.advance(60_000)
    t.equal(await otp.open(toChallengeId(sent)), undefined)
  }
})

t.test('a pending code keeps its length when the configured length changes', async (t) => {
  const [before, after] = [await start(t, old), await start(t, old, { OTP_LENGTH: '8' })]
  const phone = createPhone()
  const id = toChallengeId(await before.otp.request({ phone, name: 'Asha' }))
  const code = (await after.otp.open(id))?.code ?? ''
  t.equal(code, (await before.otp.open(id))?.code)
  t.equal((await after.otp.verify({ phone, code, canRegister: true })).kind, 'right')
})

t.test('only the exact code of the number is right', async (t) => {
  const { otp } = await start(t, old)
  const [phone, other] = [createPhone(), createPhone()]
  const code = (await otp.open(toChallengeId(await otp.request({ phone, name: 'Asha' }))))?.code ?? ''
  await otp.request({ phone: other, name: 'Usha' })
  t.equal((await otp.verify({ phone: other, code, canRegister: true })).kind, 'wrong', 'the code is wrong for another number')
  for (const text of ['', ` ${code}`, `${code} `, code.slice(1), `${code}0`]) {
    t.equal((await otp.verify({ phone: createPhone(), code: text, canRegister: true })).kind, 'wrong')
  }
  t.equal((await otp.verify({ phone, code, canRegister: true })).kind, 'right')
})

t.test('the name is used only if all requests gave the same one', async (t) => {
  const { otp } = await start(t, old)
  const names: Array<[string | undefined, string | undefined, string | undefined]> = [
    ['Asha', 'Asha', 'Asha'], ['Asha', 'Usha', undefined], [undefined, undefined, undefined]
  ]
  for (const [first, second, agreed] of names) {
    const phone = createPhone()
    const sent = await otp.request({ phone, name: first })
    await otp.request({ phone, name: second })
    const code = (await otp.open(toChallengeId(sent)))?.code ?? ''
    if (agreed === undefined) t.strictSame(await otp.verify({ phone, code, canRegister: false }), { kind: 'name_required' })
    t.strictSame(await otp.verify({ phone, code, canRegister: true }), {
      kind: 'right', challengeId: toChallengeId(sent), sendAttempt: 1, name: agreed, isTest: false
    }, `${first}, ${second}`)
  }
})

t.test('five wrong codes lock the number, and unlock ends the lockout', async (t) => {
  const { otp, clock } = await start(t, old)
  const phone = createPhone()
  await otp.request({ phone, name: 'Asha' })
  for (let count = 0; count < 5; count++) await otp.verify({ phone, code: 'wrong', canRegister: true })
  const locked = { kind: 'locked', retryAt: clock.now() + 30_000 }
  t.strictSame([await otp.verify({ phone, code: '1', canRegister: true }), await otp.request({ phone, name: 'Asha' })], [locked, locked])
  await otp.unlock(phone)
  t.equal((await otp.request({ phone, name: 'Asha' })).kind, 'sent')
})

t.test('a challenge of the old secret can be opened, resent and verified while that secret is configured', async (t) => {
  const before = await start(t, old)
  for (const rotated of [`${old},${fresh}`, `${fresh},${old}`]) {
    const phone = createPhone()
    const sent = await before.otp.request({ phone, name: 'Asha' })
    const opened = await before.otp.open(toChallengeId(sent))
    const after = await start(t, rotated)
    t.strictSame(await after.otp.open(toChallengeId(sent)), opened)
    after.clock.advance(30_000)
    t.strictSame(toChallengeId(await after.otp.request({ phone, name: 'Asha' })), toChallengeId(sent), 'a resend keeps the code')
    t.equal((await after.otp.open(toChallengeId(sent)))?.code, opened?.code)
    t.strictSame(await after.otp.verify({ phone, code: opened?.code ?? '', canRegister: false }), {
      kind: 'right', challengeId: toChallengeId(sent), sendAttempt: 2, name: 'Asha', isTest: false
    })
  }
})

t.test('instances verify the codes of each other during a rotation', async (t) => {
  const [early, late] = [await start(t, `${old},${fresh}`), await start(t, `${fresh},${old}`)]
  for (const [maker, checker] of [[early, late], [late, early]] as const) {
    const phone = createPhone()
    const code = (await maker.otp.open(toChallengeId(await maker.otp.request({ phone, name: 'Asha' }))))?.code ?? ''
    t.match(await checker.otp.verify({ phone, code, canRegister: false }), { kind: 'right', sendAttempt: 1, name: 'Asha', isTest: false })
  }
})

t.test('a challenge whose secret is gone can neither be opened nor verified', async (t) => {
  const before = await start(t, old)
  const phone = createPhone()
  const sent = await before.otp.request({ phone, name: 'Asha' })
  const code = (await before.otp.open(toChallengeId(sent)))?.code ?? ''
  const after = await start(t, fresh)
  t.equal(await after.otp.open(toChallengeId(sent)), undefined)
  t.strictSame(await after.otp.verify({ phone, code, canRegister: true }), { kind: 'wrong' })
})

t.test('a challenge with a changed or swapped sealed code can neither be opened nor verified', async (t) => {
  const { app, otp } = await start(t, old)
  const [phone, other] = [createPhone(), createPhone()]
  const sent = await otp.request({ phone, name: 'Asha' })
  const code = (await otp.open(toChallengeId(sent)))?.code ?? ''
  await otp.request({ phone: other, name: 'Usha' })
  const keyOf = (number: string) => `otp:{${app.secrets.hashPhone(number)}}:login`
  const { sealed: sealedOfOther } = await readFields(app.redis, keyOf(other))
  t.type(sealedOfOther, 'string')
  for (const sealed of [sealedOfOther, 'x']) {
    await edit(app.redis, keyOf(phone), 'sealed', JSON.stringify(sealed))
    t.equal(await otp.open(toChallengeId(sent)), undefined)
  }
  t.strictSame(await otp.verify({ phone, code, canRegister: true }), { kind: 'wrong' })
})

t.test('an unknown id opens no challenge', async (t) => {
  const { otp } = await start(t, old)
  for (const id of ['', 'x', 'a.login.b', 'a.b.c.d', '..']) t.equal(await otp.open(id), undefined, id)
})

t.test('a code is wrong if the store names an unknown secret', async (t) => {
  const right = { kind: 'right' as const, challengeId: 'id', sendAttempt: 1, secretId: 'unknown', sealed: 'x', isNameDisputed: false }
  const otp = await startWith(t, { ...createMemoryOtpStore(), verify: async () => right })
  t.strictSame(await otp.verify({ phone: createPhone(), code: '123456', canRegister: true }), { kind: 'wrong' })
})
