import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { systemClock } from '../../../src/process/clock.ts'
import { createPhone, postJson } from '../../support/helper.ts'
import { createCluster } from '../../support/instances.ts'
import { until } from '../../support/polling.ts'

const minutes = 60_000
const clockAhead = (milliseconds: number) => ({ ...systemClock, now: () => Date.now() + milliseconds })

/** Starts an instance with the right time, and one whose clock is wrong, on one Redis and one database. */
async function startBoth (t: Test, aheadMs: number, env: Record<string, string> = {}) {
  const cluster = await createCluster(t, { hasRedis: true })
  const [right, wrong] = [await cluster.start(env), await cluster.start(env, clockAhead(aheadMs))]

  /** Waits for the SMS to a number, which the worker of either instance sends, and returns its code. */
  async function readCode (phone: string): Promise<string> {
    const received = () => [right, wrong].flatMap(({ carrier }) => carrier?.messages({ to: phone }) ?? [])
    await until('the SMS arrives', () => received().length > 0)
    return /\d{6}/.exec(received()[0]?.body ?? '')?.[0] ?? ''
  }

  async function signUpAt (app: FastifyInstance, phone = createPhone()): Promise<string> {
    await postJson(app, '/signup', { name: 'Asha', phone_number: phone })
    const { body } = await postJson(app, '/verify', { phone_number: phone, otp: await readCode(phone) })
    return `Bearer ${String(body['token'])}`
  }

  return { right, wrong, readCode, signUpAt }
}

for (const aheadMs of [6 * minutes, -6 * minutes]) {
  t.test(`two instances whose clocks are ${aheadMs / minutes} minutes apart agree on codes, cooldowns and lockouts`, async (t) => {
    const both = await startBoth(t, aheadMs)
    for (const [first, second] of [[both.right, both.wrong], [both.wrong, both.right]] as const) {
      const [phone, other] = [createPhone(), createPhone()]
      const sent = await postJson(first, '/signup', { name: 'Asha', phone_number: phone })
      const repeated = await postJson(second, '/signup', { name: 'Asha', phone_number: phone })
      t.equal(repeated.body['delivery_id'], sent.body['delivery_id'], 'the cooldown holds at the other instance')
      for (const field of ['expires_in', 'resend_in']) {
        const [there, here] = [Number(sent.body[field]), Number(repeated.body[field])]
        t.ok(here > 0 && here <= there, `${field}: ${there} s, then ${here} s`)
      }
      t.match(await second.inject({ url: `/deliveries/${String(sent.body['delivery_id'])}` }), { statusCode: 200 })
      const otp = await both.readCode(phone)
      t.equal((await postJson(second, '/verify', { phone_number: phone, otp })).status, 200, 'the code is right at the other instance')

      await postJson(first, '/signup', { name: 'Asha', phone_number: other })
      const wrongCode = { phone_number: other, otp: '0000', name: 'Asha' }
      for (let guess = 0; guess < 5; guess++) await postJson(first, '/verify', wrongCode)
      const locked = await postJson(second, '/verify', wrongCode)
      t.match([locked.status, locked.body['code']], [429, 'CHR_OTP_LOCKED'], 'the lockout holds at the other instance')
      const wait = Number(locked.headers['retry-after'])
      t.ok(wait > 0 && wait <= 30, `${wait} s`)
    }
  })
}

t.test('the limits of an hour agree at both instances', async (t) => {
  const { right, wrong, signUpAt } = await startBoth(t, 50 * minutes, { LIMIT_SENDS_PER_PHONE_HOUR: '1', OTP_RESEND_SECONDS: '1' })
  const phone = createPhone()
  await signUpAt(right, phone)
  const again = await postJson(wrong, '/login', { phone_number: phone })
  t.equal(again.status, 429)
  const wait = Number(again.headers['retry-after'])
  t.ok(wait > 59 * 60 && wait <= 3600, `${wait} s`)
})

t.test('sessions begin and end by the clock of PostgreSQL', async (t) => {
  const { right, wrong, signUpAt } = await startBoth(t, 3 * 24 * 60 * minutes)
  for (const authorization of [await signUpAt(right), await signUpAt(wrong)]) {
    for (const app of [right, wrong]) {
      const { statusCode } = await app.inject({ url: '/protected', headers: { authorization } })
      t.equal(statusCode, 200)
    }
  }
  const { rows } = await right.pg.query<{ life: number }>('select extract(epoch from expiry - now())::float8 as life from tokens order by 1')
  t.equal(rows.length, 2)
  t.ok(Math.abs(Number(rows[0]?.life) - Number(rows[1]?.life)) < 60, 'both tokens have the same life')
})

t.test('an instance whose clock is wrong is degraded, and its metrics tell by how much', async (t) => {
  const { right, wrong } = await startBoth(t, 6 * minutes)
  t.match((await right.inject({ url: '/health/ready' })).json(), { status: 'ready' })
  const ready = await wrong.inject({ url: '/health/ready' })
  t.equal(ready.statusCode, 200)
  t.match(ready.json(), { status: 'degraded', dependencies: { redis: 'up', 'clock:redis': 'degraded', 'clock:postgres': 'degraded' } })
  const metrics = await wrong.metrics.expose()
  for (const server of ['redis', 'postgres']) t.match(metrics, new RegExp(`cheershare_clock_offset_seconds{server="${server}"} 3(?:59|60)`))
  t.match(await right.metrics.expose(), /cheershare_clock_offset_seconds{server="redis"} -?0/)
})
