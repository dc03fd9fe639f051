import t from 'tap'
import { build, serviceUrl } from '../helper.ts'

t.test('GET /health/live says that the process runs', async (t) => {
  const app = await build(t)
  const response = await app.inject({ url: '/health/live' })
  t.equal(response.statusCode, 200)
  t.same(response.json(), { status: 'live' })
})

t.test('GET /health/ready names every dependency that answers', async (t) => {
  const embedded = await build(t)
  t.same((await embedded.inject({ url: '/health/ready' })).json(), { status: 'ready', dependencies: { postgres: 'up', storage: 'up' } })
  const whole = await build(t, { env: { REDIS_URL: serviceUrl('TEST_REDIS_URL') } })
  t.same((await whole.inject({ url: '/health/ready' })).json(), { status: 'ready', dependencies: { redis: 'up', postgres: 'up', storage: 'up' } })
})

t.test('GET /health/ready answers 503 and names what is down, without its reason', async (t) => {
  const app = await build(t)
  const checks = { broken: async () => { throw new Error('password of the broken one') }, silent: async () => await new Promise<void>(() => {}) }
  for (const [name, check] of Object.entries(checks)) app.health.add(name, check)
  const started = performance.now()
  const response = await app.inject({ url: '/health/ready' })
  t.ok(performance.now() - started < 2000, 'what never answers is not waited for')
  t.equal(response.statusCode, 503)
  t.match(response.headers, { 'retry-after': '1', 'cache-control': 'no-store' })
  const { code, details } = response.json()
  t.equal(code, 'CHR_UNAVAILABLE')
  t.same(details, [{ path: 'broken', message: 'does not answer' }, { path: 'silent', message: 'does not answer' }])
  t.notMatch(response.body, /password/)
  t.equal((await app.inject({ url: '/health/live' })).statusCode, 200)
})
