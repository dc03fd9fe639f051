import t, { type Test } from 'tap'
import { createId, createMessageId } from '../../contracts/deliveries/delivery.ts'
import { askCarrier, basic, credentialsOf, openCarrier } from '../../support/carrier.ts'
import { build, createPhone, postJson, readCode } from '../../support/helper.ts'
import { openHttpProxy } from '../../support/http-proxy.ts'
import { createProxy } from '../../support/proxy.ts'
import { promptMs, until } from '../../support/polling.ts'
import { carrierOf } from '../../support/receipts.ts'
import { compose } from '../../support/compose.ts'
import carrierPlugin from '../../../plugins/sms/carrier.ts'
import deliveries from '../../../plugins/sms/deliveries/index.ts'
import health from '../../../plugins/platform/health.ts'
import messageFeedback from '../../../plugins/sms/message-feedback.ts'
import metrics from '../../../plugins/platform/metrics/index.ts'
import redis from '../../../plugins/platform/redis/index.ts'
import smsMetrics from '../../../plugins/sms/metrics.ts'

const on = { TWILIO_MESSAGE_FEEDBACK: 'on' }

/** Requests a code, records its SMS as sent and verifies the code; returns the SMS. */
async function useCode (t: Test, env: Record<string, string>) {
  const app = await build(t, { env })
  const phone = createPhone()
  const { body } = await postJson(app, '/signup', { name: 'Asha', phone_number: phone })
  const otp = await readCode(app, phone)
  const [message] = carrierOf(app).messages({ to: phone })
  if (message === undefined) throw new Error('no SMS')
  await app.deliveries.complete(String(body['delivery_id']), { kind: 'sent', provider: 'twilio', messageId: message.sid }, app.clock.now())
  t.equal((await postJson(app, '/verify', { phone_number: phone, otp })).status, 200)
  return { app, message }
}

t.test('a used code is reported to the carrier', async (t) => {
  const { message } = await useCode(t, on)
  await until('the feedback arrives', () => message.feedback !== undefined)
  t.equal(message.feedback?.outcome, 'confirmed')
})

t.test('no feedback is sent unless TWILIO_MESSAGE_FEEDBACK is on', async (t) => {
  const { app, message } = await useCode(t, {})
  await app.close()
  t.equal(message.feedback, undefined)
})

t.test('no feedback is sent to Twilio about a message of another provider', async (t) => {
  const app = await build(t, { env: on })
  const carrier = carrierOf(app)
  await askCarrier(carrier, { form: { To: createPhone(), From: carrier.sender, Body: 'hello' } })
  const [message] = carrier.messages()
  if (message === undefined) throw new Error('no SMS')
  const id = createId()
  await app.deliveries.claim(id, { claimant: 'service' }, 0)
  await app.deliveries.complete(id, { kind: 'sent', provider: 'webhook', messageId: message.sid }, 0)
  app.messageFeedback.confirm(id)
  await app.close()
  t.equal(message.feedback, undefined)
})

t.test('no feedback is sent about an unknown message or one that no carrier accepted', async (t) => {
  const app = await build(t, { env: on })
  const queued = createId()
  await app.deliveries.open(queued, {}, 0)
  for (const id of [createId(), queued]) app.messageFeedback.confirm(id)
  await app.close()
  t.pass('close awaits both reports')
})

t.test('an unavailable carrier only causes a debug log line, and a hanging one delays close until the deadline at most', async (t) => {
  const carrier = await openCarrier(t)
  const proxy = await createProxy(t, { host: '127.0.0.1', port: Number(new URL(carrier.url).port) })
  const env = { ...credentialsOf(carrier), TWILIO_API_BASE_URL: `http://127.0.0.1:${proxy.port}/`, ...on }
  const { app, log } = await compose(t, [metrics, smsMetrics, health, redis, carrierPlugin, deliveries, messageFeedback], { env })
  const { body } = await askCarrier(carrier, { form: { To: createPhone(), From: carrier.sender, Body: 'hello' } })
  const id = createId()
  await app.deliveries.claim(id, { claimant: 'service' }, 0)
  await app.deliveries.complete(id, { kind: 'sent', provider: 'twilio', messageId: String(body['sid']) }, 0)
  const failures = () => log.filter(({ msg, level }) => msg === 'message feedback failed' && level === 20)

  app.messageFeedback.confirm(id)
  await until('the reply to the report arrives', () => log.some(({ msg }) => msg === 'message feedback reported'))
  t.not(carrier.messages()[0]?.feedback, undefined)
  await proxy.cut()
  app.messageFeedback.confirm(id)
  await until('the report fails', () => failures().length === 1)
  await proxy.restore()
  proxy.freeze()
  app.messageFeedback.confirm(id)
  const start = performance.now()
  await app.close()
  t.ok(performance.now() - start < promptMs)
  t.equal(failures().length, 2)
  t.notOk(JSON.stringify(log).includes(carrier.authToken))
})

t.test('without TWILIO_API_BASE_URL the feedback goes to Twilio, authenticated as the account', async (t) => {
  const env = { TWILIO_SID: 'AC1', TWILIO_API_KEY: 'token', TWILIO_PHONE_NUMBER: '+15005550006', ...on }
  const { app } = await compose(t, [metrics, smsMetrics, health, redis, carrierPlugin, deliveries, messageFeedback], { env })
  const id = createId()
  await app.deliveries.claim(id, { claimant: 'service' }, 0)
  await app.deliveries.complete(id, { kind: 'sent', provider: 'twilio', messageId: 'SM/1' }, 0)
  const calls = t.captureFn(async (_url: string, _options: RequestInit) => new Response('{}', { status: 201 }))
  t.intercept(globalThis, 'fetch', { value: calls })
  app.messageFeedback.confirm(id)
  await app.close()
  t.match(calls.calls.map(({ args: [url, { headers }] }) => [url, headers]), [
    ['https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/SM%2F1/Feedback.json', { authorization: basic('AC1', 'token') }]
  ])
})

t.test('feedback goes through the proxy for outbound calls', async (t) => {
  const carrier = await openCarrier(t)
  const proxy = await openHttpProxy(t, { target: carrier.url })
  const { TWILIO_API_BASE_URL: _url, ...account } = credentialsOf(carrier)
  const env = { ...account, HTTPS_PROXY: proxy.url, ...on }
  const { app } = await compose(t, [metrics, smsMetrics, health, redis, carrierPlugin, deliveries, messageFeedback], { env })
  const { body } = await askCarrier(carrier, { form: { To: createPhone(), From: carrier.sender, Body: 'hello' } })
  const id = createId()
  await app.deliveries.claim(id, { claimant: 'service' }, 0)
  await app.deliveries.complete(id, { kind: 'sent', provider: 'twilio', messageId: String(body['sid']) }, 0)
  app.messageFeedback.confirm(id)
  await until('the feedback arrives', () => carrier.messages()[0]?.feedback !== undefined)
  t.same(proxy.requests, ['CONNECT api.twilio.com:443'])
  await app.close()
})

t.test('the emulator accepts feedback as Twilio does', async (t) => {
  const carrier = await openCarrier(t)
  const { body: { sid } } = await askCarrier(carrier, { form: { To: createPhone(), From: carrier.sender, Body: 'hello' } })
  const path = `/Messages/${String(sid)}/Feedback.json`
  const postFeedback = async (form: Record<string, string>, at = path) => await askCarrier(carrier, { form, path: at })
  for (const outcome of ['confirmed', 'unconfirmed']) {
    t.match(await postFeedback({ Outcome: outcome }), {
      status: 201,
      body: {
        message_sid: sid,
        account_sid: carrier.accountSid,
        outcome,
        date_created: /\+0000$/,
        uri: `/2010-04-01/Accounts/${carrier.accountSid}${path}`
      }
    })
    t.equal(carrier.messages()[0]?.feedback?.outcome, outcome)
  }
  t.match(await postFeedback({}), { status: 201, body: { outcome: 'unconfirmed' } })
  t.match(await postFeedback({ Outcome: 'great' }), { status: 400, body: { code: 20001 } })
  t.match(await postFeedback({ Outcome: 'confirmed' }, `/Messages/${createMessageId()}/Feedback.json`), {
    status: 404, body: { code: 20404 }
  })
  const bare = await fetch(`${carrier.url}/2010-04-01/Accounts/${carrier.accountSid}${path}`, {
    method: 'POST', headers: { authorization: basic(carrier.accountSid, carrier.authToken) }
  })
  t.match(await bare.json(), { outcome: 'unconfirmed' }, 'a request without a form means `unconfirmed`')
})
