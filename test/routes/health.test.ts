import t from 'tap'
import { serviceUrl } from '../support/databases.ts'
import { build, createPhone, postJson } from '../support/helper.ts'
import { promptMs, until } from '../support/polling.ts'

t.test('GET /health/live answers while the process runs', async (t) => {
  const app = await build(t)
  const response = await app.inject({ url: '/health/live' })
  t.equal(response.statusCode, 200)
  t.same(response.json(), { status: 'live' })
})

t.test('GET /health/ready lists every dependency that answers', async (t) => {
  const embedded = await build(t)
  t.same((await embedded.inject({ url: '/health/ready' })).json(), {
    status: 'ready', dependencies: { postgres: 'up', storage: 'up', 'sms:twilio': 'up' }
  })
  const withRedis = await build(t, { env: { REDIS_URL: serviceUrl('TEST_REDIS_URL') } })
  t.same((await withRedis.inject({ url: '/health/ready' })).json(), {
    status: 'ready', dependencies: { redis: 'up', postgres: 'up', storage: 'up', 'sms:twilio': 'up' }
  })
})

t.test('GET /health/ready answers 503 and names the failed dependencies without the reason', async (t) => {
  const app = await build(t, { env: { DEPENDENCY_TIMEOUT_MS: '5000' } })
  const checks = {
    broken: async () => { throw new Error('password of the broken one') }, silent: async () => await new Promise<void>(() => {})
  }
  for (const [name, check] of Object.entries(checks)) app.health.add(name, check)
  const started = performance.now()
  const response = await app.inject({ url: '/health/ready' })
  t.ok(performance.now() - started < promptMs, 'the deadline ends the wait for a check that never answers')
  t.equal(response.statusCode, 503)
  t.match(response.headers, { 'retry-after': '1', 'cache-control': 'no-store' })
  const { code, details } = response.json()
  t.equal(code, 'CHR_UNAVAILABLE')
  t.same(details, [{ path: 'broken', message: 'does not answer' }, { path: 'silent', message: 'does not answer' }])
  t.notMatch(response.body, /password/)
  t.equal((await app.inject({ url: '/health/live' })).statusCode, 200)
})

t.test('GET /health/ready answers 503 from the stop signal on, while requests are served', async (t) => {
  const stop = new AbortController()
  const app = await build(t, { stopSignal: stop.signal })
  t.equal((await app.inject({ url: '/health/ready' })).statusCode, 200)
  stop.abort()
  const errors = t.capture(app.log, 'error')
  const response = await app.inject({ url: '/health/ready' })
  t.match(response, { statusCode: 503, headers: { 'retry-after': '1', 'cache-control': 'no-store', connection: 'close' } })
  t.match(response.json(), { code: 'CHR_UNAVAILABLE', details: [{ path: 'service', message: 'is shutting down' }], request_id: String })
  t.same(errors(), [])
  t.equal((await app.inject({ url: '/health/live' })).statusCode, 200)
  t.match(await postJson(app, '/signup', { name: 'Asha', phone_number: createPhone() }), { status: 200, headers: { connection: 'close' } })
})

t.test('GET /health/ready answers 200 degraded while an SMS provider refuses the credentials', async (t) => {
  const app = await build(t)
  app.carrier?.faults.add({ fault: { kind: 'refuse', status: 401, code: 20003 } })
  await postJson(app, '/signup', { name: 'Asha', phone_number: createPhone() })
  const ready = async () => (await app.inject({ url: '/health/ready' }))
  await until('the provider is suspended', async () => (await ready()).json<{ status: string }>().status === 'degraded')
  const response = await ready()
  t.equal(response.statusCode, 200)
  t.same(response.json(), { status: 'degraded', dependencies: { postgres: 'up', storage: 'up', 'sms:twilio': 'degraded' } })
  app.health.add('storage', async () => { throw new Error('down') })
  t.match(await ready(), { statusCode: 503 })
})
