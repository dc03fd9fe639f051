import t from 'tap'
import { serviceUrl } from '../support/databases.ts'
import { build, createPhone, postJson, readCode } from '../support/helper.ts'
import { until } from '../support/polling.ts'
import { carrierOf } from '../support/receipts.ts'

for (const [where, env] of [['in memory', {}], ['in Redis', { REDIS_URL: serviceUrl('TEST_REDIS_URL') }]] as const) {
  t.test(`a user whose first SMS fails signs up with the second one (${where})`, async (t) => {
    const app = await build(t, { env: { ...env, TWILIO_MESSAGE_FEEDBACK: 'on' } })
    await app.listen({ host: '127.0.0.1', port: 0 })
    const phone = createPhone()
    const status = async (id: unknown) => (await app.inject(`/deliveries/${String(id)}`)).json<Record<string, unknown>>()
    carrierOf(app).faults.add({ fault: { kind: 'fail', status: 'undelivered', code: 30003 }, to: phone, times: 1 })
    const first = await postJson(app, '/signup', { name: 'Asha', phone_number: phone })
    await until('the first SMS fails', async () => (await status(first.body['delivery_id']))['status'] === 'failed')
    t.match(await status(first.body['delivery_id']), { reason: 'number_unreachable', resend_in: 0 })
    const second = await postJson(app, '/signup', { name: 'Asha', phone_number: phone })
    await until('the second SMS arrives', async () => (await status(second.body['delivery_id']))['status'] === 'delivered')
    t.equal(carrierOf(app).messages({ to: phone }).length, 2)
    t.equal((await postJson(app, '/verify', { phone_number: phone, otp: await readCode(app, phone, 2) })).status, 200)
    await until('the feedback is sent', () => carrierOf(app).messages({ to: phone })[0]?.feedback?.outcome === 'confirmed')
    t.match(
      await app.metrics.expose(), /cheershare_sms_deliveries_total\{status="delivered",provider="twilio",country="IN",reason="none"\} 1/
    )
  })
}
