import t from 'tap'
import { apiKey, askCarrier, basic, clientOf, credentialsOf, keyCredentialsOf, openCarrier } from '../../../../support/carrier.ts'
import { createId } from '../../../../contracts/deliveries/delivery.ts'
import { compose, noOutbox } from '../../../../support/compose.ts'
import { message } from '../../../../contracts/sms-provider.ts'
import { publicUrl } from '../../../../support/receipts.ts'
import carrierPlugin from '../../../../../plugins/sms/carrier.ts'
import deliveries from '../../../../../plugins/sms/deliveries/index.ts'
import health from '../../../../../plugins/platform/health.ts'
import messageFeedback from '../../../../../plugins/sms/message-feedback.ts'
import metrics from '../../../../../plugins/platform/metrics/index.ts'
import otpStore from '../../../../../plugins/auth/otp-store/index.ts'
import otp from '../../../../../plugins/auth/otp.ts'
import receipts from '../../../../../plugins/sms/receipts.ts'
import redis from '../../../../../plugins/platform/redis/index.ts'
import secrets from '../../../../../plugins/platform/secrets.ts'
import sms from '../../../../../plugins/sms/providers/index.ts'
import smsMetrics from '../../../../../plugins/sms/metrics.ts'
import { until } from '../../../../support/polling.ts'

const plugins = [
  metrics, smsMetrics, health, redis, secrets, otpStore, otp, carrierPlugin, deliveries, messageFeedback, sms, noOutbox, receipts
]

t.test('an API key authenticates SMS and feedback, and without the auth token no receipts are requested', async (t) => {
  const carrier = await openCarrier(t, { apiKey })
  const env = { ...keyCredentialsOf(carrier), PUBLIC_URL: publicUrl, TWILIO_MESSAGE_FEEDBACK: 'on' }
  const { app, log } = await compose(t, plugins, { env })
  const { messageId } = await app.sms.send(message)
  t.match(carrier.messages(), [{ sid: messageId, to: message.to, status_callback: undefined }])
  t.equal(carrier.messages()[0]?.status_callback, undefined)
  t.equal(app.receipts.sources.has('twilio'), false)
  t.match(log.filter(({ level }) => level === 40), [{ msg: /^TWILIO_API_KEY is not set: .* so none are requested/ }])

  const id = createId()
  await app.deliveries.claim(id, { claimant: 'service' }, 0)
  await app.deliveries.complete(id, { kind: 'sent', provider: 'twilio', messageId }, 0)
  app.messageFeedback.confirm(id)
  await until('the feedback arrives', () => carrier.messages()[0]?.feedback !== undefined)
  t.notMatch(JSON.stringify(log), apiKey.secret)
})

t.test('with both, the API key authenticates SMS and the auth token verifies receipts', async (t) => {
  const carrier = await openCarrier(t, { apiKey })
  const env = { ...credentialsOf(carrier), ...keyCredentialsOf(carrier), PUBLIC_URL: publicUrl }
  const { app, log } = await compose(t, plugins, { env })
  const requested = { status_callback: new RegExp(`^${publicUrl}/webhooks/twilio/status`) }
  for (let count = 0; count < 2; count++) await app.sms.send(message)
  t.match(carrier.messages(), [requested, requested])
  t.equal(app.receipts.sources.has('twilio'), true)
  t.same(log.filter(({ level }) => level >= 40), [])
})

t.test('a wrong secret of the API key suspends the provider, even if the auth token is right', async (t) => {
  const carrier = await openCarrier(t, { apiKey })
  const env = { ...credentialsOf(carrier), ...keyCredentialsOf(carrier), TWILIO_API_KEY_SECRET: 'wrong' }
  const { app } = await compose(t, plugins, { env })
  t.match(await app.sms.send(message).catch((error: unknown) => error), { failure: 'sender', status: 401, carrierCode: 20003 })
  t.equal((await app.health.report()).get('sms:twilio'), 'degraded')
})

t.test('the twilio client reaches the emulator with an API key, and only with the right one', async (t) => {
  const carrier = await openCarrier(t, { apiKey })
  const sent = await clientOf(carrier).messages.create({ to: message.to, from: carrier.sender, body: 'hello' })
  t.match(sent, { accountSid: carrier.accountSid, status: 'queued' })
  const wrongKey = clientOf({ ...carrier, apiKey: { ...apiKey, secret: 'wrong' } })
  t.match(await wrongKey.messages.list().catch((error: unknown) => error), { status: 401, code: 20003 })
  const headers = { authorization: basic(carrier.accountSid, apiKey.secret) }
  t.equal((await askCarrier(carrier, { headers })).status, 401, 'the secret does not belong to the account SID')
  const other = await openCarrier(t)
  const unknownKey = clientOf({ ...other, apiKey })
  t.match(await unknownKey.messages.list().catch((error: unknown) => error), { status: 401 }, 'this emulator has no key')
})
