import t, { type Test } from 'tap'
import metrics from '../../../plugins/platform/metrics/index.ts'
import smsMetrics from '../../../plugins/sms/metrics.ts'
import { compose } from '../../support/compose.ts'
import { createId, newRecord } from '../../contracts/deliveries/delivery.ts'
import { build, createPhone, signUp } from '../../support/helper.ts'

async function open (t: Test) {
  const { app } = await compose(t, [metrics, smsMetrics])
  const lines = async (name: string) => (await app.metrics.expose()).split('\n').filter((line) => line.startsWith(`${name}{`))
  return { app, lines }
}

t.test('each milestone of a delivery is counted by provider, country and reason', async (t) => {
  const { app, lines } = await open(t)
  const record = newRecord(1000)
  const sent = { ...record, provider: 'twilio', sentAt: 2000 }
  app.smsMetrics.countDelivery(record, 'queued')
  app.smsMetrics.countDelivery({ ...sent, state: 'sent' }, 'sent')
  app.smsMetrics.countDelivery({ ...sent, state: 'failed', reason: 'blocked' }, 'failed')
  app.smsMetrics.countDelivery({ ...record, state: 'dropped', country: undefined }, 'dropped')
  t.strictSame((await lines('cheershare_sms_deliveries_total')).sort(), [
    'cheershare_sms_deliveries_total{status="dropped",provider="none",country="unknown",reason="expired"} 1',
    'cheershare_sms_deliveries_total{status="failed",provider="twilio",country="IN",reason="blocked"} 1',
    'cheershare_sms_deliveries_total{status="queued",provider="none",country="IN",reason="none"} 1',
    'cheershare_sms_deliveries_total{status="sent",provider="twilio",country="IN",reason="none"} 1'
  ])
})

t.test('the time from request to handset is measured', async (t) => {
  const { app, lines } = await open(t)
  const delivered = { ...newRecord(1000), state: 'delivered' as const, provider: 'twilio' }
  app.smsMetrics.countDelivery({ ...delivered, endedAt: 5500 }, 'delivered')
  app.smsMetrics.countDelivery({ ...delivered, endedAt: 900 }, 'delivered')
  t.strictSame(await lines('cheershare_sms_delivery_seconds_sum'), [
    'cheershare_sms_delivery_seconds_sum{provider="twilio",country="IN"} 4.5'
  ], 'a negative time counts as 0')
  t.strictSame(await lines('cheershare_sms_delivery_seconds_count'), [
    'cheershare_sms_delivery_seconds_count{provider="twilio",country="IN"} 2'
  ])
})

t.test('verified codes are counted by country, except those of test numbers', async (t) => {
  const phone = createPhone()
  const app = await build(t, { env: { OTP_TEST_NUMBERS: `${phone}:123456:2999-12-31` } })
  await signUp(app)
  const signup = await app.inject({ method: 'POST', url: '/signup', payload: { name: 'Asha', phone_number: phone } })
  t.equal(signup.statusCode, 200)
  const { statusCode } = await app.inject({ method: 'POST', url: '/verify', payload: { phone_number: phone, otp: '123456' } })
  t.equal(statusCode, 200)
  app.smsMetrics.countVerified(undefined)
  const text = await app.metrics.expose()
  t.match(text, 'cheershare_otp_verified_total{country="IN"} 1\n')
  t.match(text, 'cheershare_otp_verified_total{country="unknown"} 1\n')
})

t.test('a store reports each milestone once', async (t) => {
  const app = await build(t)
  const [id, messageId] = [createId(), createId()]
  for (let count = 0; count < 3; count++) {
    await app.deliveries.open(id, { country: 'IN' }, count)
    await app.deliveries.claim(id, { claimant: 'service', country: 'IN' }, count)
    await app.deliveries.complete(id, { kind: 'sent', provider: 'twilio', messageId }, count)
    await app.deliveries.receive({ deliveryId: id, provider: 'twilio', messageId, status: 'delivered' }, count)
  }
  const text = await app.metrics.expose()
  for (const status of ['queued', 'sent', 'delivered']) {
    t.match(
      text, new RegExp(`deliveries_total\\{status="${status}",[^}]*\\} 1\\n`), status
    )
  }
})
