import t from 'tap'
import { build, createClock, createPhone, postJson, signUp } from '../support/helper.ts'
import { until } from '../support/polling.ts'

const whatsApp = { TWILIO_WHATSAPP_FROM: '+14155238886', TWILIO_WHATSAPP_CONTENT_SID: `HX${'0a'.repeat(16)}` }

const routes = [['/signup', { name: 'Asha' }], ['/login', {}]] as const

for (const [url, body] of routes) {
  t.test(`POST ${url} with channel whatsapp sends a code by WhatsApp that signs in, and a resend by SMS has the same code`, async (t) => {
    const app = await build(t, { env: { ...whatsApp, OTP_RESEND_SECONDS: '1' } })
    const phone = createPhone()
    const sentTo = (to: string) => app.carrier?.messages({ to }) ?? []
    t.match(await postJson(app, url, { ...body, phone_number: phone, channel: 'whatsapp' }), { status: 200 })
    await until('the WhatsApp message is sent', () => sentTo(`whatsapp:${phone}`).length === 1)
    t.same(sentTo(phone), [])
    await until('the resend cooldown ends', async () => {
      await postJson(app, url, { ...body, phone_number: phone, channel: 'sms' })
      return sentTo(phone).length === 1
    })
    const [message] = sentTo(`whatsapp:${phone}`)
    t.equal(message?.from, 'whatsapp:+14155238886')
    const { 1: otp } = JSON.parse(message?.body ?? '{}') as Record<string, string>
    t.match(otp, /^\d{6}$/)
    t.match(sentTo(phone)[0]?.body, String(otp))
    t.match(await postJson(app, '/verify', { phone_number: phone, otp, name: 'Asha' }), { status: 200 })
  })

  t.test(`POST ${url} with channel whatsapp answers 422 when WhatsApp is not configured, and starts no cooldown`, async (t) => {
    const app = await build(t, { clock: createClock() })
    const phone = createPhone()
    const { status, body: response } = await postJson(app, url, { ...body, phone_number: phone, channel: 'whatsapp' })
    t.equal(status, 422)
    t.match(response, { code: 'CHR_CHANNEL_NOT_ALLOWED', error: /"sms"/ })
    t.match(await postJson(app, url, { ...body, phone_number: phone, channel: 'sms' }), { status: 200, body: { resend_in: 30 } })
    await until('the SMS arrives', () => app.carrier?.messages({ to: phone }).length === 1)
  })

  t.test(`POST ${url} with an unknown channel is refused with an error that names the field`, async (t) => {
    const app = await build(t)
    for (const channel of ['email', '', 'SMS', null, 1]) {
      t.match(await postJson(app, url, { ...body, phone_number: createPhone(), channel }), {
        status: 400, body: { code: 'CHR_VALIDATION', details: [{ path: 'channel' }] }
      }, String(channel))
    }
  })
}

t.test('POST /me/phone-number accepts a channel', async (t) => {
  const app = await build(t)
  const { authorization } = await signUp(app)
  const change = { phone_number: createPhone(), channel: 'whatsapp' }
  t.match(await postJson(app, '/me/phone-number', change, { headers: { authorization } }), {
    status: 422, body: { code: 'CHR_CHANNEL_NOT_ALLOWED' }
  })
  t.match(await postJson(app, '/me/phone-number', { ...change, channel: 'sms' }, { headers: { authorization } }), { status: 200 })
})
