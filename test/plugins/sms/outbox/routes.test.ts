import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { deliveryIdOf } from '../../../../src/domain/sms/delivery-id.ts'
import { UnavailableError } from '../../../../src/http/errors.ts'
import { serviceUrl } from '../../../support/databases.ts'
import { build, createClock, createPhone, postJson, readCode } from '../../../support/helper.ts'
import { untilCounted } from '../../../support/outbox.ts'
import { until } from '../../../support/polling.ts'

const maximumInFlight = 50
const maximumWaiting = 10_000

/** Holds all calls to the providers until `release` is called; `callCount` returns their number. */
function holdSends (t: Test, app: FastifyInstance): { callCount: () => number, release: () => void } {
  const { send } = app.sms
  const gate = Promise.withResolvers<void>()
  let calls = 0
  t.intercept(app.sms, 'send', {
    value: async (...args: Parameters<typeof send>) => {
      calls += 1
      await gate.promise
      return await send(...args)
    }
  })
  return { callCount: () => calls, release: gate.resolve }
}

for (const [url, body] of [['/signup', { name: 'Asha' }], ['/login', {}]] as const) {
  t.test(`POST ${url} answers before its SMS is sent`, async (t) => {
    const app = await build(t)
    const phone = createPhone()
    const { callCount, release } = holdSends(t, app)
    const { status } = await postJson(app, url, { ...body, phone_number: phone })
    t.equal(status, 200)
    t.same(app.carrier?.messages(), [])
    await until('the carrier is called', () => callCount() === 1)
    release()
    t.match(await readCode(app, phone), /^\d{6}$/)
  })
}

t.test('POST /signup answers 503 with a full queue, and its SMS is sent once there is capacity', async (t) => {
  const app = await build(t)
  const { callCount, release } = holdSends(t, app)
  const phone = createPhone()
  const outcome = await app.otp.request({ phone, name: 'Asha' })
  if (outcome.kind !== 'sent') return t.fail('no SMS is due')
  let send = 0
  const fill = async (count: number) => {
    const { challengeId } = outcome
    for (const end = send + count; send < end; send++) {
      await app.smsOutbox.enqueue({ challengeId, send, deliveryId: deliveryIdOf(app.secrets.phoneHashKey, challengeId, send) })
    }
  }
  await fill(maximumInFlight)
  await until('the concurrency limit is reached', () => callCount() === maximumInFlight)
  await fill(maximumWaiting)
  const signup = { name: 'Ravi', phone_number: createPhone() }
  t.match(await postJson(app, '/signup', signup), { status: 503, body: { code: 'CHR_UNAVAILABLE' }, headers: { 'retry-after': '1' } })

  // Once the code is used, the SMS that wait for their turn are dropped.
  const code = (await app.otp.open(outcome.challengeId))?.code ?? ''
  t.match(await app.otp.verify({ phone, code, canRegister: true }), { kind: 'right' })
  release()
  await untilCounted(app, 'dropped', maximumWaiting)
  t.match(await postJson(app, '/signup', signup), { status: 200 })
  t.match(await readCode(app, signup.phone_number), /^\d{6}$/)
})

for (const [where, env] of [['in this process', {}], ['by Redis', { REDIS_URL: serviceUrl('TEST_REDIS_URL') }]] as const) {
  t.test(`a retry of a request without a reply causes no second SMS, queued ${where}`, async (t) => {
    const app = await build(t, { env })
    const { callCount, release } = holdSends(t, app)
    const signup = { name: 'Asha', phone_number: createPhone() }
    const post = async () => { t.match(await postJson(app, '/signup', signup), { status: 200 }) }
    await Promise.all([post(), post(), post()])
    await until('the carrier is called', () => callCount() === 1)
    await post()
    release()
    await untilCounted(app, 'sent')
    await post()
    await postJson(app, '/login', { phone_number: createPhone() })
    await untilCounted(app, 'sent', 2)
    t.equal(app.carrier?.messages({ to: signup.phone_number }).length, 1)
  })

  t.test(`a retry recovers from a crash between the challenge and its job, queued ${where}`, async (t) => {
    const app = await build(t, { env })
    const phone = createPhone()
    t.match(await app.otp.request({ phone, name: 'Asha' }), { kind: 'sent' })
    t.match(await postJson(app, '/signup', { name: 'Asha', phone_number: phone }), { status: 200 })
    t.match(await readCode(app, phone), /^\d{6}$/)
  })

  t.test(`after a 503 from the queue the retry sends the SMS, queued ${where}`, async (t) => {
    const app = await build(t, { env, clock: createClock() })
    const signup = { name: 'Asha', phone_number: createPhone() }
    const { enqueue } = app.smsOutbox
    let calls = 0
    t.intercept(app.smsOutbox, 'enqueue', {
      value: async (...args: Parameters<typeof enqueue>) => {
        if (calls++ === 0) throw new UnavailableError('redis')
        await enqueue(...args)
      }
    })
    t.match(await postJson(app, '/signup', signup), { status: 503, body: { code: 'CHR_UNAVAILABLE' } })
    t.match(await postJson(app, '/signup', signup), { status: 200, body: { resend_in: 30 } })
    t.match(await readCode(app, signup.phone_number), /^\d{6}$/)
    await untilCounted(app, 'sent')
  })
}
