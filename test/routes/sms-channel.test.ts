import t from 'tap'
import { build, createPhone, postJson, signUp } from '../support/helper.ts'
import { until } from '../support/polling.ts'

const whatsApp = { TWILIO_WHATSAPP_FROM: '+14155238886', TWILIO_WHATSAPP_CONTENT_SID: `HX${'0a'.repeat(16)}` }

const routes = [['/signup', { name: 'Asha' }], ['/login', {}]] as const

for (const [url, body] of routes) {
  t.test(`POST ${url} with channel whatsapp sends there the code that the SMS has, and it signs in`, async (t) => {
    const app = await build(t, { env: { ...whatsApp, OTP_RESEND_SECONDS: '1' } })
    const phone = createPhone()
    const sentTo = (to: string) => app.carrier?.messages({ to }) ?? []
    t.match(await postJson(app, url, { ...body, phone_number: phone, channel: 'whatsapp' }), { status: 200 })
    await until('it is sent', () => sentTo(`whatsapp:${phone}`).length === 1)
    t.same(sentTo(phone), [])
    await until('another may be asked for', async () => {
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

  t.test(`POST ${url} with channel whatsapp answers 422 where it is not configured, and leaves nothing behind`, async (t) => {
    const app = await build(t)
    const phone = createPhone()
    const { status, body: answer } = await postJson(app, url, { ...body, phone_number: phone, channel: 'whatsapp' })
    t.equal(status, 422)
    t.match(answer, { code: 'CHR_CHANNEL_NOT_ALLOWED', error: /"sms"/ })
    t.match(await postJson(app, url, { ...body, phone_number: phone, channel: 'sms' }), { status: 200, body: { resend_in: 30 } })
    await until('the SMS arrives', () => app.carrier?.messages({ to: phone }).length === 1)
  })

  t.test(`POST ${url} with another channel is refused by name`, async (t) => {
    const app = await build(t)
    for (const channel of ['email', '', 'SMS', null, 1]) {
      t.match(await postJson(app, url, { ...body, phone_number: createPhone(), channel }), { status: 400, body: { code: 'CHR_VALIDATION', details: [{ path: 'channel' }] } }, String(channel))
    }
  })
}

t.test('POST /me/phone-number takes the channel too', async (t) => {
  const app = await build(t)
  const { authorization } = await signUp(app)
  const change = { phone_number: createPhone(), channel: 'whatsapp' }
  t.match(await postJson(app, '/me/phone-number', change, { headers: { authorization } }), { status: 422, body: { code: 'CHR_CHANNEL_NOT_ALLOWED' } })
  t.match(await postJson(app, '/me/phone-number', { ...change, channel: 'sms' }, { headers: { authorization } }), { status: 200 })
})
