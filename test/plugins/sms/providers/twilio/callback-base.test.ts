import t from 'tap'
import { findCallbackBase } from '../../../../../plugins/sms/providers/twilio/status-callback.ts'
import type { TwilioSettings } from '../../../../../plugins/sms/providers/twilio/settings.ts'
import { loadConfig } from '../../../../../src/config/index.ts'
import { credentialsOf } from '../../../../support/carrier.ts'
import { build, createPhone, postJson } from '../../../../support/helper.ts'
import { until } from '../../../../support/polling.ts'
import { loadProviderSettings } from '../../../../support/provider-settings.ts'
import { listen } from '../../../../support/sockets.ts'

const account = { accountSid: 'AC0123456789abcdef', authToken: 'the-auth-token', sender: '+15005550006', url: 'http://127.0.0.1:4010' }
const { TWILIO_API_BASE_URL: _url, ...real } = credentialsOf(account)
const listening = [{ address: '127.0.0.1', family: 'IPv4', port: 4321 }]

const rows: Array<[what: string, env: Record<string, string>, addresses: typeof listening | string[], expected: string | undefined]> = [
  ['PUBLIC_URL is used with the emulator', { PUBLIC_URL: 'https://login.example/app/' }, [], 'https://login.example/app'],
  ['PUBLIC_URL is used with Twilio', { ...real, PUBLIC_URL: 'https://login.example' }, listening, 'https://login.example'],
  ['without PUBLIC_URL Twilio cannot reach the service', real, listening, undefined],
  ['the emulator reaches the service at its address', {}, listening, 'http://127.0.0.1:4321'],
  ['the emulator reaches a port that the system chose', { PORT: '0' }, listening, 'http://127.0.0.1:4321'],
  ['the emulator reaches a service on all addresses by localhost', {
    HOST: '0.0.0.0', DEV_INBOX: 'on'
  }, listening, 'http://localhost:4321'],
  ['a server in place of Twilio reaches the service at its address', credentialsOf(account), listening, 'http://127.0.0.1:4321'],
  ['a service that does not listen gets no receipts', {}, [], undefined],
  ['a service on a socket file gets no receipts', {}, ['/run/cheershare.sock'], undefined]
]

for (const [what, env, addresses, expected] of rows) {
  t.test(what, async (t) => {
    const { http, sms } = loadConfig(env)
    const settings = loadProviderSettings<TwilioSettings>('twilio', env)
    t.equal(findCallbackBase({ http, settings, isEmulated: sms.usesEmulator, addresses }), expected)
  })
}

t.test('a service requests receipts from the emulator once it listens', async (t) => {
  const app = await build(t, { env: { PORT: '0' } })
  const callbackOf = async () => {
    const phone = createPhone()
    await postJson(app, '/signup', { name: 'Asha', phone_number: phone })
    await until('the SMS arrives', () => app.carrier?.messages({ to: phone }).length === 1)
    return app.carrier?.messages({ to: phone })[0]?.status_callback
  }
  t.equal(await callbackOf(), undefined)
  const port = await listen(app)
  t.match(await callbackOf(), new RegExp(`^http://127\\.0\\.0\\.1:${port}/webhooks/twilio/status\\?delivery=[\\w-]{22}(#.*)?$`))
})
