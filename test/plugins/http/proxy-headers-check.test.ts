import Fastify from 'fastify'
import t, { type Test } from 'tap'
import proxyHeadersCheck from '../../../plugins/http/proxy-headers-check.ts'
import { loadConfig } from '../../../src/config/index.ts'

async function open (t: Test, env: Record<string, string>) {
  const lines: string[] = []
  const app = Fastify({ logger: { level: 'error', stream: { write: (line: string) => { lines.push(line) } } } })
  app.decorate('config', loadConfig(env))
  await app.register(proxyHeadersCheck)
  app.post('/login', async () => 'sent')
  t.teardown(async () => { await app.close() })
  return { post: async (headers = {}) => await app.inject({ method: 'POST', url: '/login', headers }), lines }
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
