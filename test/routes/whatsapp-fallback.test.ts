import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { fallbackIdOf } from '../../src/domain/sms/fallback.ts'
import { serviceUrl } from '../support/databases.ts'
import { build, createPhone, postJson, type BuildOptions } from '../support/helper.ts'
import { until } from '../support/polling.ts'
import { carrierOf } from '../support/receipts.ts'

const whatsApp = { TWILIO_WHATSAPP_FROM: '+14155238886', TWILIO_WHATSAPP_CONTENT_SID: `HX${'0a'.repeat(16)}` }

/** Starts a service that the carrier emulator can reach for receipts. */
async function start (t: Test, { env, ...options }: BuildOptions = {}): Promise<FastifyInstance> {
  const app = await build(t, { ...options, env: { ...whatsApp, ...env } })
  await app.listen({ host: '127.0.0.1', port: 0 })
  return app
}

async function request (app: FastifyInstance, phone: string, channel: string): Promise<string> {
  const { status, body } = await postJson(app, '/login', { phone_number: phone, channel })
  if (status !== 200) throw new Error(JSON.stringify(body))
  return String(body['delivery_id'])
}

const getDelivery = async (app: FastifyInstance, id: string) => (await app.inject(`/deliveries/${id}`)).json<Record<string, unknown>>()
const sentTo = (app: FastifyInstance, to: string) => carrierOf(app).messages({ to })

/** Numbers of the emulator that are not on WhatsApp: by the reply to the request, and by a receipt. */
const unreachable = { 'by the reply': '+919800063003', 'by a receipt': '+919800063024' }

for (const [where, env] of [['in memory', {}], ['in Redis', { REDIS_URL: serviceUrl('TEST_REDIS_URL') }]] as const) {
  for (const [how, phone] of Object.entries(unreachable)) {
    t.test(`a code that WhatsApp does not deliver, ${how}, follows by SMS once and signs in (${where})`, async (t) => {
      const app = await start(t, { env })
      const id = await request(app, phone, 'whatsapp')
      await until('the SMS arrives', async () => (await getDelivery(app, id))['status'] === 'delivered')
      t.match(await getDelivery(app, id), { status: 'delivered', channel: 'sms', reason: null, message: 'The message has arrived.' })
      t.equal(sentTo(app, phone).length, 1)
      const otp = /\d{6}/.exec(sentTo(app, phone)[0]?.body ?? '')?.[0]
      t.match(await postJson(app, '/login', { phone_number: phone, channel: 'whatsapp' }), { status: 200, body: { delivery_id: id } })
      t.equal(sentTo(app, phone).length, 1, 'the resend cooldown stays, and nothing is sent again')
      t.match(await postJson(app, '/verify', { phone_number: phone, otp, name: 'Asha' }), { status: 200 })
    })

    t.test(`no SMS follows for a client that insists on WhatsApp, ${how} (${where})`, async (t) => {
      const app = await start(t, { env })
      const id = await request(app, phone, 'whatsapp_only')
      await until('the delivery fails', async () => (await getDelivery(app, id))['status'] === 'failed')
      t.match(await getDelivery(app, id), {
        channel: 'whatsapp',
        reason: 'whatsapp_failed',
        message: 'WhatsApp could not deliver the code to this number. Ask for a code by SMS.',
        resend_in: 0
      })
      await request(app, phone, 'sms')
      await until('the requested SMS arrives', () => sentTo(app, phone).length === 1)
      await app.close()
      t.equal(sentTo(app, phone).length, 1)
    })
  }

  t.test(`repeated receipts lead to one SMS (${where})`, async (t) => {
    const app = await start(t, { env })
    const phone = createPhone()
    const { faults } = carrierOf(app)
    faults.add({ fault: { kind: 'fail', status: 'undelivered', code: 63016 }, to: `whatsapp:${phone}` })
    faults.add({ fault: { kind: 'duplicate' }, to: `whatsapp:${phone}` })
    const id = await request(app, phone, 'whatsapp')
    await until('the SMS arrives', async () => (await getDelivery(app, id))['status'] === 'delivered')
    await app.close()
    t.equal(sentTo(app, phone).length, 1)
  })
}

t.test('the delivery of a code that WhatsApp delivers says so', async (t) => {
  const app = await start(t)
  for (const channel of ['whatsapp', 'whatsapp_only']) {
    const phone = createPhone()
    const id = await request(app, phone, channel)
    await until('the message arrives', async () => (await getDelivery(app, id))['status'] === 'delivered')
    t.match(await getDelivery(app, id), { channel: 'whatsapp', reason: null })
    t.same(sentTo(app, phone), [])
  }
})

t.test('the SMS that follows counts once towards the limits', async (t) => {
  const app = await start(t, { env: { LIMIT_SENDS_PER_ADDRESS_HOUR: '2' } })
  for (const phone of Object.values(unreachable)) {
    const id = await request(app, phone, 'whatsapp')
    await until('the SMS arrives', async () => (await getDelivery(app, id))['status'] === 'delivered')
  }
  t.match(await postJson(app, '/login', { phone_number: createPhone() }), { status: 429, body: { code: 'CHR_RATE_LIMITED' } })
})

t.test('an SMS that follows is tried again after a temporary failure, and its final failure is reported', async (t) => {
  const app = await start(t)
  const phone = createPhone()
  const { faults } = carrierOf(app)
  faults.add({ fault: { kind: 'refuse', status: 400, code: 63003 }, to: `whatsapp:${phone}` })
  faults.add({ fault: { kind: 'refuse', status: 429, code: 20429 }, to: phone, times: 1 })
  faults.add({ fault: { kind: 'refuse', status: 400, code: 21610 }, to: phone })
  const id = await request(app, phone, 'whatsapp')
  await until('the SMS fails', async () => (await getDelivery(app, id))['status'] === 'failed')
  t.match(await getDelivery(app, id), { channel: 'sms', reason: 'opted_out', resend_in: 0 })
})

t.test('an SMS that follows is queued until a process begins to send it', async (t) => {
  const app = await start(t)
  t.intercept(app.smsOutbox, 'enqueueAgain', { value: async () => {} })
  const id = await request(app, unreachable['by a receipt'], 'whatsapp')
  await until('WhatsApp fails', async () => (await app.deliveries.find(id))?.state === 'failed')
  t.match(await getDelivery(app, id), { status: 'queued', channel: 'sms', reason: null, message: 'The message is on its way.' })
  t.equal(await app.deliveries.find(fallbackIdOf(id)), undefined)
})
