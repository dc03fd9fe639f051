import { createHash } from 'node:crypto'
import type { InjectOptions } from 'fastify'
import t from 'tap'
import { ConfigError } from '../../src/config/index.ts'
import { build, createPhone, postJson, readCode } from '../support/helper.ts'
import { createCluster } from '../support/instances.ts'
import { exchange, listen } from '../support/sockets.ts'

type Outcome = 'refused' | 200 | 404

const credentials = { TWILIO_SID: `AC${'0'.repeat(32)}`, TWILIO_API_KEY: 'the auth token', TWILIO_PHONE_NUMBER: '+15005550006' }
const pages = ['/dev/inbox', '/dev/inbox.json']

/** The secrets that production requires, so that the outcome depends only on the settings under test. */
const requiredSecrets = { APP_SECRET: 'a secret of this test that is long enough', PHONE_HASH_SECRET: 'another secret of this test, long enough' }

/** Maps NODE_ENV, HOST and carrier to the outcomes with DEV_INBOX unset, `on` and `off`. */
const expected: Record<string, Outcome[]> = {
  'development 127.0.0.1 emulator': [200, 200, 404],
  'development ::1 emulator': [200, 200, 404],
  'development localhost emulator': [200, 200, 404],
  'development 0.0.0.0 emulator': ['refused', 200, 'refused'],
  'development :: emulator': ['refused', 200, 'refused'],
  'development 192.168.1.5 emulator': ['refused', 200, 'refused'],
  'development 127.0.0.1 credentials': [404, 404, 404],
  'development 0.0.0.0 credentials': [404, 404, 404],
  'test 127.0.0.1 emulator': [200, 200, 404],
  'test 0.0.0.0 emulator': ['refused', 200, 'refused'],
  'production 127.0.0.1 emulator': ['refused', 'refused', 'refused'],
  'production 0.0.0.0 emulator': ['refused', 'refused', 'refused'],
  'production 127.0.0.1 credentials': [404, 404, 404],
  'production 0.0.0.0 credentials': [404, 404, 404]
}

t.test('access to the inbox depends on address, credentials, NODE_ENV and DEV_INBOX', async (t) => {
  const { start, env } = await createCluster(t, { hasRedis: true })
  async function getOutcome (combination: string, inbox: string): Promise<Outcome> {
    const [NODE_ENV = '', HOST = '', carrier] = combination.split(' ')
    const STORAGE_URL = `file:${env['DATA_DIR'] ?? ''}/uploads`
    const twilio = carrier === 'emulator' ? {} : credentials
    const app = await start({ ...requiredSecrets, STORAGE_URL, NODE_ENV, HOST, DEV_INBOX: inbox, ...twilio }).catch((error: unknown) => {
      if (!(error instanceof ConfigError)) throw error
    })
    if (app === undefined) return 'refused'
    const [page, json] = await Promise.all(pages.map(async (url) => (await app.inject({ url })).statusCode))
    t.equal(page, json)
    await app.close()
    return page as Outcome
  }
  const outcomes = await Promise.all(Object.keys(expected).map(async (combination) =>
    [combination, await Promise.all(['', 'on', 'off'].map(async (inbox) => await getOutcome(combination, inbox)))]))
  t.same(Object.fromEntries(outcomes), expected)
})

/** Headers of requests that reach a loopback address but do not come from a browser on this machine. */
const foreign: Record<string, InjectOptions['headers']> = {
  'a foreign host name that resolves to this machine': { host: 'evil.example' },
  'a foreign host name with a port': { host: 'evil.example:4000' },
  'a host name that starts with localhost': { host: 'localhost.evil.example' },
  'a host name that starts with 127.0.0.1': { host: '127.0.0.1.evil.example' },
  'a host name that ends with localhost': { host: 'evil-localhost' },
  'a proxy that sets X-Forwarded-For': { 'x-forwarded-for': '203.0.113.9' },
  'a proxy that sets X-Forwarded-For to a loopback address': { 'x-forwarded-for': '127.0.0.1' },
  'a proxy that sets Forwarded': { forwarded: 'for=203.0.113.9' },
  'a proxy that sets X-Real-IP': { 'x-real-ip': '203.0.113.9' },
  'a proxy that sets Via': { via: '1.1 proxy' },
  'a proxy that sets X-Forwarded-Host': { 'x-forwarded-host': 'localhost' }
}
const ownHosts = ['localhost', 'localhost:4000', '127.0.0.1:4000', '127.8.9.1', '[::1]:4000', '[::1]']

t.test('the inbox on a loopback address serves only this machine', async (t) => {
  const app = await build(t)
  const phone = createPhone()
  await postJson(app, '/login', { phone_number: phone })
  const code = await readCode(app, phone)
  for (const [title, headers] of Object.entries(foreign)) {
    for (const url of pages) {
      const response = await app.inject({ url, headers: { accept: 'application/json', ...headers } })
      t.match([response.statusCode, response.json().code], [404, 'CHR_NOT_FOUND'], title)
      t.notOk(response.body.includes(code))
    }
  }
  const { status } = await exchange(await listen(app), 'GET /dev/inbox.json HTTP/1.0\r\n\r\n')
  t.equal(status, 404, 'a request without a Host header is refused')
  for (const host of ownHosts) t.match(await app.inject({ url: '/dev/inbox.json', headers: { host } }), { statusCode: 200 }, host)
})

t.test('DEV_INBOX=on serves the inbox to every client that names an address, this machine or PUBLIC_URL', async (t) => {
  const env = { HOST: '0.0.0.0', DEV_INBOX: 'on', PUBLIC_URL: 'https://stage.example.com/api', TRUST_PROXY: '127.0.0.0/8' }
  const app = await build(t, { env })
  const statusOf = async (headers: InjectOptions['headers']) => (await app.inject({ url: '/dev/inbox.json', headers: { ...headers } })).statusCode
  for (const host of [...ownHosts, '192.168.1.5:4000', '[2001:db8::1]:4000', 'stage.example.com', 'STAGE.example.com:443']) {
    for (const forwarded of [{}, { 'x-forwarded-for': '203.0.113.9', via: '1.1 proxy' }]) t.equal(await statusOf({ host, ...forwarded }), 200, host)
  }
  for (const host of ['evil.example', 'evil.example:4000', 'localhost.evil.example', 'example.com', 'x.stage.example.com']) {
    for (const forwarded of [{}, { 'x-forwarded-host': 'localhost' }]) t.equal(await statusOf({ host, ...forwarded }), 404, host)
  }
})

t.test('a trusted proxy cannot replace the host that the browser named', async (t) => {
  const app = await build(t, { env: { TRUST_PROXY: '127.0.0.0/8' } })
  for (const headers of [{ host: 'evil.example', 'x-forwarded-host': 'localhost' }, { host: 'localhost', 'x-forwarded-host': 'localhost' }]) {
    t.equal((await app.inject({ url: '/dev/inbox.json', headers })).statusCode, 404)
  }
})

t.test('GET /dev/inbox answers with a page, or with JSON when Accept prefers it', async (t) => {
  const app = await build(t)
  const phone = createPhone()
  await postJson(app, '/login', { phone_number: phone })
  const code = await readCode(app, phone)
  for (const accept of [undefined, 'text/html,application/xhtml+xml,*/*;q=0.8', '*/*']) {
    const { headers, body } = await app.inject({ url: '/dev/inbox', headers: accept === undefined ? {} : { accept } })
    t.match(headers, { 'content-type': 'text/html; charset=utf-8', vary: 'Accept', 'cache-control': 'no-store' })
    t.match(body, /^<!doctype html>/)
    t.notOk(body.includes(code), 'the page fetches the messages with its script')
  }
  const response = await app.inject({ url: '/dev/inbox', headers: { accept: 'application/json' } })
  t.match(response.headers, { 'content-type': /^application\/json/, vary: 'Accept', 'cache-control': 'no-store' })
  const [message, ...others] = response.json().messages
  t.same(others, [])
  t.match(message, {
    sid: /^SM[0-9a-f]{32}$/, to: phone, from: '+15005550006', body: new RegExp(code), status: 'delivered', received_at: /^\d{4}-.*Z$/
  })
  t.same(Object.keys(message), ['sid', 'to', 'from', 'body', 'status', 'received_at'])
  t.same((await app.inject({ url: '/dev/inbox.json' })).json(), response.json())
})

t.test('messages are sorted newest first, and ?to= filters by number', async (t) => {
  const app = await build(t)
  const phones = [createPhone(), createPhone(), createPhone()]
  for (const phone of phones) {
    await postJson(app, '/login', { phone_number: phone })
    await readCode(app, phone)
  }
  const receivers = async (query: string) =>
    (await app.inject({ url: `/dev/inbox.json${query}` })).json<{ messages: Array<{ to: string }> }>().messages.map(({ to }) => to)
  t.same(await receivers(''), phones.toReversed())
  t.same(await receivers(`?to=${encodeURIComponent(phones[1] ?? '')}`), [phones[1]])
  t.same(await receivers(`?to=${encodeURIComponent(createPhone())}`), [])
  for (const query of ['?from=x', '?to=', '?to=%00']) {
    t.match(await app.inject({ url: `/dev/inbox.json${query}` }), { statusCode: 400 }, query)
  }
})

t.test('the content security policy of the page allows only its own script and style', async (t) => {
  const app = await build(t)
  const { headers, body } = await app.inject({ url: '/dev/inbox' })
  const policy = String(headers['content-security-policy'])
  for (const element of ['script', 'style']) {
    const [content = '', ...others] = [...body.matchAll(new RegExp(`<${element}>(.*?)</${element}>`, 'gs'))].map(([, text = '']) => text)
    t.same(others, [])
    t.ok(policy.includes(`${element}-src 'sha256-${createHash('sha256').update(content).digest('base64')}';`), element)
  }
  t.match(policy, /^default-src 'none'; connect-src 'self';/)
  t.notMatch(policy, /unsafe/)
  t.notMatch(body, /innerHTML|document\.write|\son\w+=|style=/, 'the text of an SMS is never interpreted as markup')
})
