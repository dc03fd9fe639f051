import t, { type Test } from 'tap'
import { printWelcome } from '../../../src/process/welcome.ts'
import { build } from '../../support/helper.ts'
import { listen } from '../../support/sockets.ts'

/** Returns the text that a service with this configuration prints when it listens. */
async function welcome (t: Test, env: Record<string, string>) {
  const app = await build(t, { env })
  const port = await listen(app)
  const written = t.capture(process.stdout, 'write')
  printWelcome(app)
  written.restore()
  return { port, text: written().map(({ args }) => String(args[0])).join('') }
}

for (const [host, shown] of [
  ['127.0.0.1', /^127\.0\.0\.1$/],
  ['localhost', /^localhost$/],
  ['0.0.0.0', /^(127\.0\.0\.1|localhost)$/],
  ['::1', /^\[::1\]$/],
  ['::', /^(\[::1\]|localhost)$/]
] as const) {
  t.test(`a service on ${host} prints an address that a browser can open`, async (t) => {
    const { port, text } = await welcome(t, { HOST: host, DEV_INBOX: 'on' })
    const urls = [...text.matchAll(/http:\/\/[^\s'"]+/g)].map(([url]) => url)
    t.equal(urls.length, 6)
    for (const url of urls) t.match(URL.parse(url), { hostname: shown, port: String(port) }, url)
  })
}

t.test('without an inbox, neither the inbox nor an example that reads it is printed', async (t) => {
  const environments: Array<Record<string, string>> = [{ DEV_INBOX: 'off' }, {
    TWILIO_SID: 'AC1', TWILIO_API_KEY: 'key', TWILIO_PHONE_NUMBER: '+15005550006'
  }]
  for (const env of environments) {
    const { text } = await welcome(t, env)
    t.match(text, 'API docs')
    t.notMatch(text, 'inbox')
  }
})
