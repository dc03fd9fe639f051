import Fastify from 'fastify'
import t, { type Test } from 'tap'
import proxyHeadersCheck from '../../../plugins/http/proxy-headers-check.ts'
import { loadConfig } from '../../../src/config/index.ts'
import { createProxyTrust } from '../../../src/domain/auth/trusted-proxies.ts'

async function open (t: Test, env: Record<string, string>, level = 'error') {
  const lines: string[] = []
  const config = loadConfig(env)
  const app = Fastify({
    trustProxy: createProxyTrust(config.http.trustedProxies), logger: { level, stream: { write: (line: string) => { lines.push(line) } } }
  })
  app.decorate('config', config)
  await app.register(proxyHeadersCheck)
  app.post('/login', async () => 'sent')
  t.teardown(async () => { await app.close() })
  const post = async (headers = {}, remoteAddress = '127.0.0.1') =>
    await app.inject({ method: 'POST', url: '/login', headers, remoteAddress })
  return { post, lines, messages: () => lines.map((line) => JSON.parse(line) as { level: number, msg: string }) }
}

const headers = { 'x-forwarded-for': '203.0.113.9' }

t.test('X-Forwarded-For without TRUST_PROXY is logged once, and requests are still answered', async (t) => {
  const { post, lines } = await open(t, {})
  await post()
  t.same(lines, [])
  for (let count = 0; count < 3; count++) t.equal((await post(headers)).statusCode, 200)
  t.equal(lines.length, 1)
  t.match(lines[0], /TRUST_PROXY/)
  t.notMatch(lines[0], /203\.0\.113/)
})

t.test('with TRUST_PROXY no error is logged', async (t) => {
  const { post, lines } = await open(t, { TRUST_PROXY: '10.0.0.0/8' })
  await post(headers)
  t.same(lines, [])
})

const proxy = '10.0.0.1'
const behindProxy = { TRUST_PROXY: '10.0.0.0/8' }

t.test('an address that a trusted proxy sends in an unknown form is logged once and without the text', async (t) => {
  const values = [
    'unknown', '203.0.113.9, unknown', '_hidden', '203.0.113.9, "203.0.113.8"', '203.0.113.9:x', 'secret', 'unknown, 10.0.0.7'
  ]
  for (const value of values) {
    const { post, lines, messages } = await open(t, behindProxy)
    for (let count = 0; count < 3; count++) t.equal((await post({ 'x-forwarded-for': value }, proxy)).statusCode, 200)
    t.match(messages(), [{ level: 50, msg: /whose last entry is not an IP address/ }], value)
    t.equal(lines.length, 1)
    t.notMatch(lines[0], /203\.0\.113|secret|unknown/)
  }
})

t.test('addresses with ports, brackets, spaces and empty entries are read without a log line', async (t) => {
  const { post, lines } = await open(t, behindProxy, 'warn')
  const values = [
    '203.0.113.9', '203.0.113.9:4121', '[2001:db8::1]:443', '2001:db8::1', '::ffff:203.0.113.9', '203.0.113.9,', ' , 203.0.113.9 ,\t',
    'unknown, 203.0.113.9', '203.0.113.9:1, 10.0.0.2:2', '10.0.0.3', 'fe80::1%eth0'
  ]
  for (const value of values) await post({ 'x-forwarded-for': value }, proxy)
  await post({}, proxy)
  t.same(lines, [])
})

t.test('X-Forwarded-For from outside TRUST_PROXY is logged once as a warning', async (t) => {
  const { post, messages } = await open(t, behindProxy, 'warn')
  for (let count = 0; count < 3; count++) await post({ 'x-forwarded-for': '203.0.113.9' }, '192.0.2.1')
  t.match(messages(), [{ level: 40, msg: /TRUST_PROXY lacks the network of a proxy/ }])
  t.equal(messages().length, 1)
  await post({ 'x-forwarded-for': 'unknown' }, proxy)
  t.equal(messages().length, 2, 'another problem is logged too')
})

t.test('the header Forwarded, which is not read, is logged once', async (t) => {
  for (const env of [{}, behindProxy]) {
    const { post, messages } = await open(t, env)
    for (let count = 0; count < 3; count++) await post({ forwarded: 'for=203.0.113.9' }, proxy)
    t.match(messages(), [{ level: 50, msg: /Forwarded, which the service does not read/ }])
    t.equal(messages().length, 1)
  }
  const { post, lines } = await open(t, behindProxy)
  await post({ forwarded: 'for=203.0.113.9', 'x-forwarded-for': '203.0.113.9' }, proxy)
  t.same(lines, [], 'beside X-Forwarded-For it is no problem')
})
