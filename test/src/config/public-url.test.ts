import t from 'tap'
import { loadConfig } from '../../../src/config/index.ts'
import { findPublicUrl } from '../../../src/config/derived.ts'
import { credentialsOf } from '../../support/carrier.ts'
import { build, createPhone, postJson } from '../../support/helper.ts'
import { until } from '../../support/polling.ts'
import { listen } from '../../support/sockets.ts'

const account = { accountSid: 'AC0123456789abcdef', authToken: 'the-auth-token', sender: '+15005550006', url: 'http://127.0.0.1:4010' }
const { TWILIO_API_BASE_URL: _url, ...real } = credentialsOf(account)
const listening = [{ address: '127.0.0.1', family: 'IPv4', port: 4321 }]

const rows: Array<[what: string, env: Record<string, string>, addresses: typeof listening | string[], expected: string | undefined]> = [
  ['PUBLIC_URL says where receipts go, whoever carries', { PUBLIC_URL: 'https://login.example/app/' }, [], 'https://login.example/app'],
  ['so it does with Twilio', { ...real, PUBLIC_URL: 'https://login.example' }, listening, 'https://login.example'],
  ['without it Twilio reaches nobody', real, listening, undefined],
  ['the emulator reaches the service where it listens', {}, listening, 'http://127.0.0.1:4321'],
  ['also on a port that the system chose', { PORT: '0' }, listening, 'http://127.0.0.1:4321'],
  ['and on every address', { HOST: '0.0.0.0', DEV_INBOX: 'on' }, listening, 'http://localhost:4321'],
  ['so does a server in place of Twilio', credentialsOf(account), listening, 'http://127.0.0.1:4321'],
  ['what listens nowhere gets no receipts', {}, [], undefined],
  ['nor what listens on a socket file', {}, ['/run/cheershare.sock'], undefined]
]

for (const [what, env, addresses, expected] of rows) {
  t.test(what, async (t) => {
    t.equal(findPublicUrl(loadConfig(env), addresses), expected)
  })
}

t.test('a service that listens asks the emulator for receipts, one that does not asks for none', async (t) => {
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
