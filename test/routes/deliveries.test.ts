import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import type { Fault } from '../../src/carrier/faults.ts'
import { deliveryIdOf } from '../../src/domain/sms/delivery-id.ts'
import { statusCallbackUrl } from '../../plugins/sms/providers/twilio/status-callback.ts'
import { clientOf } from '../support/carrier.ts'
import { createId } from '../contracts/deliveries/delivery.ts'
import { serviceUrl } from '../support/databases.ts'
import { build, createClock, createPhone, postJson, readCode, signUp, type BuildOptions } from '../support/helper.ts'
import { until } from '../support/polling.ts'
import { carrierOf, portOf } from '../support/receipts.ts'
import { spyOnRedis } from '../support/connection-spy.ts'

async function getDelivery (app: FastifyInstance, id: unknown) {
  const { statusCode: status, body } = await app.inject(`/deliveries/${String(id)}`)
  return { status, body: JSON.parse(body) as Record<string, unknown> }
}

async function send (app: FastifyInstance, phone: string): Promise<unknown> {
  const { body } = await postJson(app, '/signup', { name: 'Asha', phone_number: phone })
  return body['delivery_id']
}

/** Starts a service that sends its SMS at once to the carrier emulator, through the Twilio client and with a status callback. */
async function start (t: Test, options: BuildOptions = {}) {
  const app = await build(t, options)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const client = clientOf(carrierOf(app))
  t.intercept(app.smsOutbox, 'enqueue', {
    value: async ({ challengeId, send }: { challengeId: string, send: number }) => {
      const deliveryId = deliveryIdOf(app.secrets.phoneHashKey, challengeId, send)
      const to = (await app.otp.open(challengeId))?.phone ?? ''
      await app.deliveries.claim(deliveryId, { claimant: 'service', challengeId, send }, app.clock.now())
      const { sid: messageId } = await client.messages.create({
        to,
        from: carrierOf(app).sender,
        body: 'Your code is out',
        statusCallback: statusCallbackUrl(`http://127.0.0.1:${portOf(app)}`, deliveryId)
      })
      await app.deliveries.complete(deliveryId, { kind: 'sent', provider: 'twilio', messageId }, app.clock.now())
    }
  })
  return app
}

for (const [where, env] of [['in memory', {}], ['in Redis', { REDIS_URL: serviceUrl('TEST_REDIS_URL') }]] as const) {
  t.test(`GET /deliveries/{id} reports the status of an SMS until its delivery (${where})`, async (t) => {
    const clock = createClock()
    const app = await start(t, { env, clock })
    const id = await send(app, createPhone())
    t.match(id, /^[A-Za-z0-9_-]{22}$/)
    await until('the receipt arrives', async () => (await getDelivery(app, id)).body['status'] === 'delivered')
    clock.advance(12_001)
    t.strictSame(await getDelivery(app, id), {
      status: 200, body: { status: 'delivered', channel: 'sms', reason: null, message: 'The message has arrived.', resend_in: 18 }
    })
  })

  t.test(`a final failure has a reason, and ends the resend cooldown (${where})`, async (t) => {
    const app = await start(t, { env, clock: createClock() })
    const phone = createPhone()
    const fault: Fault = { kind: 'fail', status: 'undelivered', code: 30005 }
    carrierOf(app).faults.add({ fault, to: phone, times: 1 })
    const id = await send(app, phone)
    await until('the receipt arrives', async () => (await getDelivery(app, id)).body['status'] === 'failed')
    t.strictSame((await getDelivery(app, id)).body, {
      status: 'failed', channel: 'sms', reason: 'number_invalid', message: 'This number cannot receive SMS. Check it, or use another one.', resend_in: 0
    })
    const next = await send(app, phone)
    t.not(next, id)
    t.equal(carrierOf(app).messages({ to: phone }).length, 2)
    await until('the next SMS arrives', async () => (await getDelivery(app, next)).body['status'] === 'delivered')
    t.equal((await getDelivery(app, next)).body['resend_in'], 60)
  })
}

t.test('the wait of a delivery tells a stranger nothing of what the owner of the number does', async (t) => {
  const clock = createClock()
  const app = await build(t, { clock })
  const { phone } = await signUp(app)
  const id = await send(app, phone)
  const wait = async () => (await getDelivery(app, id)).body['resend_in']
  const code = await readCode(app, phone, 2)
  t.equal(await wait(), 30, 'the cooldown of this SMS')
  t.equal((await postJson(app, '/verify', { phone_number: phone, otp: code })).status, 200)
  t.equal(await wait(), 30, 'the owner has used its code')
  clock.advance(30_000)
  t.equal(await wait(), 0, 'its cooldown is over')
  await postJson(app, '/login', { phone_number: phone })
  t.equal(await wait(), 0, 'the owner has requested a code')
  t.equal((await postJson(app, '/verify', { phone_number: phone, otp: await readCode(app, phone, 3) })).status, 200)
  t.equal(await wait(), 0, 'the owner has signed in')
  for (let guess = 0; guess < 5; guess++) await postJson(app, '/verify', { phone_number: phone, otp: '000000' })
  t.match(await postJson(app, '/login', { phone_number: phone }), { status: 429 })
  t.equal(await wait(), 0, 'the number is locked')
})

for (const kind of ['duplicate', 'disorder'] as const) {
  t.test(`receipts with the fault "${kind}" lead to the same final status`, async (t) => {
    const app = await start(t)
    const phone = createPhone()
    carrierOf(app).faults.add({ fault: { kind }, to: phone })
    const id = await send(app, phone)
    await until('the receipt arrives', async () => (await getDelivery(app, id)).body['status'] === 'delivered')
  })
}

t.test('a request repeated within the resend cooldown returns the same delivery', async (t) => {
  const clock = createClock()
  const app = await build(t, { clock })
  const phone = createPhone()
  const id = await send(app, phone)
  t.equal(await send(app, phone), id)
  const { body } = await postJson(app, '/login', { phone_number: phone })
  t.equal(body['delivery_id'], id)
  clock.advance(30_000)
  t.not(await send(app, phone), id)
})

t.test('a change of the phone number has a delivery', async (t) => {
  const app = await build(t, { clock: createClock() })
  const { authorization } = await signUp(app)
  const { body } = await postJson(app, '/me/phone-number', { phone_number: createPhone() }, { headers: { authorization } })
  t.match(await getDelivery(app, body['delivery_id']), { status: 200, body: { reason: null, resend_in: 30 } })
})

t.test('deliveries of a test number are reported as delivered, although no SMS is sent', async (t) => {
  const phone = createPhone()
  const app = await build(t, { env: { OTP_TEST_NUMBERS: `${phone}:123456:2999-12-31` } })
  const overTheLimit = app.config.limits.sends_per_phone_day + 1
  for (let count = 0; count < overTheLimit; count++) {
    t.match(await getDelivery(app, await send(app, phone)), {
      status: 200, body: { status: 'delivered', channel: 'sms', reason: null, resend_in: 0 }
    })
  }
  t.equal(carrierOf(app).messages({ to: phone }).length, 0)
})

t.test('unknown ids and the ids of notices answer 404, and malformed ids answer 400', async (t) => {
  const app = await build(t)
  t.match(await getDelivery(app, createId()), { status: 404, body: { code: 'CHR_NOT_FOUND' } })
  for (const id of ['short', `${createId()}x`, '%00']) {
    t.match(await getDelivery(app, id), {
      status: 400, body: { code: 'CHR_VALIDATION' }
    }, id)
  }
  const notice = createId()
  await app.deliveries.open(notice, {}, app.clock.now())
  t.match(await getDelivery(app, notice), { status: 404, body: { code: 'CHR_NOT_FOUND' } })
})

t.test('the status answers 503 while Redis is unreachable', async (t) => {
  const { proxy, env } = await spyOnRedis(t)
  const app = await build(t, { env })
  const id = await send(app, createPhone())
  await proxy.cut()
  t.match(await getDelivery(app, id), { status: 503, body: { code: 'CHR_UNAVAILABLE' } })
})

t.test('the stored data of a delivery do not contain the phone number', async (t) => {
  const app = await build(t)
  const phone = createPhone()
  const id = String(await send(app, phone))
  const stored = JSON.stringify([id, await app.deliveries.find(id)])
  for (const secret of [phone, phone.slice(1), phone.slice(3)]) t.notOk(stored.includes(secret))
})
