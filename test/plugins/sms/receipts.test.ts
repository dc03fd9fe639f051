import t, { type Test } from 'tap'
import fp from 'fastify-plugin'
import deliveries from '../../../plugins/sms/deliveries/index.ts'
import metrics from '../../../plugins/platform/metrics/index.ts'
import otp from '../../../plugins/auth/otp.ts'
import otpStore from '../../../plugins/auth/otp-store/index.ts'
import receipts from '../../../plugins/sms/receipts.ts'
import sms from '../../../plugins/sms/providers/index.ts'
import redis from '../../../plugins/platform/redis/index.ts'
import secrets from '../../../plugins/platform/secrets.ts'
import smsMetrics from '../../../plugins/sms/metrics.ts'
import health from '../../../plugins/platform/health.ts'
import webhookRoutes from '../../../routes/webhooks/index.ts'
import { deliveryIdOf } from '../../../src/domain/sms/delivery-id.ts'
import { compose, noOutbox } from '../../support/compose.ts'
import { createClock, createPhone } from '../../support/helper.ts'

const noCarrier = fp(async (fastify) => { fastify.decorate('carrier', null) }, { name: 'carrier' })

const secret = `whsec_${Buffer.alloc(32, 'k').toString('base64')}`

async function open (t: Test) {
  const clock = createClock()
  return {
    clock,
    ...await compose(t, [metrics, smsMetrics, health, secrets, redis, otpStore, otp, noCarrier, deliveries, sms, noOutbox, receipts], {
      clock, env: { SMS_PROVIDERS: 'webhook', SMS_WEBHOOK_URL: 'https://sms.example', SMS_WEBHOOK_SECRET: secret }
    })
  }
}

/** Requests a code and records that the carrier accepted its SMS. */
async function send (app: Awaited<ReturnType<typeof open>>['app']) {
  const phone = createPhone()
  const outcome = await app.otp.request({ phone })
  if (outcome.kind !== 'sent') throw new Error(outcome.kind)
  const { challengeId, sendAttempt: send } = outcome
  const deliveryId = deliveryIdOf(app.secrets.phoneHashKey, challengeId, send)
  const messageId = `SM${deliveryId}`
  await app.deliveries.claim(deliveryId, { claimant: 'service', challengeId, send }, app.clock.now())
  await app.deliveries.complete(deliveryId, { kind: 'sent', provider: 'twilio', messageId }, app.clock.now())
  return { phone, challengeId, deliveryId, messageId }
}

t.test('a failure receipt allows a resend at once, and its repeat does so if the first one was interrupted', async (t) => {
  const { app, clock } = await open(t)
  const { phone, challengeId, deliveryId, messageId } = await send(app)
  const failed = { deliveryId, messageId, provider: 'twilio', status: 'failed' as const }
  t.equal((await app.otp.request({ phone })).kind, 'waiting')
  await app.deliveries.receive(failed, clock.now())
  t.equal((await app.otp.request({ phone })).kind, 'waiting', 'the interrupted receipt is stored and allows no resend')
  await app.receipts.record(failed)
  t.match(await app.otp.request({ phone }), { kind: 'sent', challengeId, sendAttempt: 2 })
  await app.receipts.record(failed)
  t.equal((await app.otp.request({ phone })).kind, 'waiting', 'a later repeat does not allow another resend')
})

t.test('a receipt of another message, and a failure after delivery, allow no resend', async (t) => {
  const { app } = await open(t)
  const { phone, deliveryId, messageId } = await send(app)
  await app.receipts.record({ deliveryId, messageId: 'SM-earlier', provider: 'twilio', status: 'failed' })
  await app.receipts.record({ deliveryId, messageId, provider: 'twilio', status: 'delivered' })
  await app.receipts.record({ deliveryId, messageId, provider: 'twilio', status: 'failed' })
  t.equal((await app.otp.request({ phone })).kind, 'waiting')
})

t.test('a failed notice has no resend', async (t) => {
  const { app } = await open(t)
  await app.deliveries.claim('notice', { claimant: 'service' }, app.clock.now())
  await app.receipts.record({ deliveryId: 'notice', messageId: 'SM1', provider: 'twilio', status: 'failed' })
  t.equal((await app.deliveries.find('notice'))?.state, 'failed')
})

t.test('a repeated receipt is logged once, without the phone number', async (t) => {
  const { app, log } = await open(t)
  const { phone, deliveryId, messageId } = await send(app)
  for (let count = 0; count < 3; count++) {
    await app.receipts.record({
      deliveryId, messageId, provider: 'twilio', status: 'failed', reason: 'blocked'
    })
  }
  const lines = log.filter(({ msg }) => msg === 'SMS receipt')
  t.match(lines, [{ provider: 'twilio', messageId, status: 'failed', reason: 'blocked' }])
  t.equal(lines.length, 1)
  t.notOk(JSON.stringify(log).includes(phone.slice(3)))
})

t.test('without a Twilio account the service accepts no receipts', async (t) => {
  const { app } = await open(t)
  t.equal(app.receipts.sources.size, 0)
  t.equal(app.receipts.sources.get('twilio')?.isAuthentic({
    headers: { 'x-twilio-signature': 'x' }, path: '/webhooks/twilio/status', body: {}
  }), undefined)
  const { app: bare } = await compose(t, [fp(async (fastify) => { fastify.decorate('receipts', app.receipts) }), webhookRoutes])
  for (const url of ['/', '/twilio/status', '/webhook/status']) t.notOk(bare.hasRoute({ method: 'POST', url }), url)
})
