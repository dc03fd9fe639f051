import t from 'tap'
import carrier from '../../../plugins/sms/carrier.ts'
import { createClock } from '../../support/helper.ts'
import { askCarrier, basic } from '../../support/carrier.ts'
import { compose } from '../../support/compose.ts'

const credentials = { TWILIO_SID: 'AC0123456789', TWILIO_API_KEY: 'a token', TWILIO_PHONE_NUMBER: '+15005550006' }
const form = { To: '+918123456789', From: '+15005550006', Body: 'hello' }
const warn = 40

t.test('without credentials an emulator runs on the loopback address until the service closes', async (t) => {
  const { app, log } = await compose(t, [carrier])
  const emulator = app.carrier
  if (emulator === null) return t.fail('no emulator')
  t.match(emulator.url, /^http:\/\/127\.0\.0\.1:\d+$/)
  t.equal((await askCarrier(emulator, { form })).status, 201)
  t.same(log.filter(({ level }) => level >= warn), [])
  await app.close()
  await t.rejects(askCarrier(emulator, { form }), { cause: { code: 'ECONNREFUSED' } })
})

t.test('the emulator of a service has no routes for faults or messages', async (t) => {
  const { app } = await compose(t, [carrier])
  if (app.carrier === null) return t.fail('no emulator')
  const { url, accountSid, authToken } = app.carrier
  for (const path of ['/_faults', '/_messages']) {
    t.equal((await fetch(`${url}${path}`, { headers: { authorization: basic(accountSid, authToken) } })).status, 404)
  }
})

t.test('messages have the time of the service clock', async (t) => {
  const { app } = await compose(t, [carrier], { clock: createClock(Date.UTC(2026, 10, 21, 9, 30)) })
  if (app.carrier === null) return t.fail('no emulator')
  await askCarrier(app.carrier, { form })
  t.match(app.carrier.messages(), [{ received_at: '2026-11-21T09:30:00.000Z' }])
})

t.test('with credentials there is no emulator, and DEV_INBOX=on only logs a warning', async (t) => {
  const withoutInbox = await compose(t, [carrier], { env: credentials })
  t.equal(withoutInbox.app.carrier, null)
  t.same(withoutInbox.log.filter(({ level }) => level >= warn), [])
  const withInbox = await compose(t, [carrier], { env: { ...credentials, DEV_INBOX: 'on' } })
  t.equal(withInbox.app.carrier, null)
  t.match(withInbox.log.filter(({ level }) => level >= warn), [{ msg: /DEV_INBOX=on has no effect/ }])
})

const warnings: Array<[string, Record<string, string>, RegExp[]]> = [
  ['an inbox on an address that others can reach logs a loud warning', {
    HOST: '0.0.0.0', DEV_INBOX: 'on'
  }, [/HOST=0\.0\.0\.0: EVERYONE .* CAN READ EVERY CODE/]],
  ['an inbox on a loopback address logs no warning', { HOST: '::1', DEV_INBOX: 'on' }, []],
  ['an emulator without an inbox logs a warning', { DEV_INBOX: 'off' }, [/DEV_INBOX=off hides them/]]
]

for (const [what, env, expected] of warnings) {
  t.test(what, async (t) => {
    const { app, log } = await compose(t, [carrier], { env })
    t.not(app.carrier, null)
    const lines = log.filter(({ level }) => level >= warn).map(({ msg }) => msg)
    t.equal(lines.length, expected.length)
    t.match(lines, expected)
  })
}
