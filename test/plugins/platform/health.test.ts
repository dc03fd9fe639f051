import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import health from '../../../plugins/platform/health.ts'
import { compose } from '../../support/compose.ts'
import { build } from '../../support/helper.ts'

t.test('a dependency that replies is up or degraded; one that refuses or does not reply in time is down', async (t) => {
  const { app } = await compose(t, [health], { env: { DEPENDENCY_TIMEOUT_MS: '100' } })
  app.health.add('good', async () => {})
  app.health.add('bad', async () => { throw new Error('refused') })
  app.health.add('limping', async () => 'degraded')
  app.health.add('silent', async () => { await new Promise(() => {}) })
  let report
  const started = performance.now()
  const reporting = app.health.report().then((result) => { report = result })
  await setImmediate()
  t.equal(report, undefined, 'the report waits for the silent dependency')
  await reporting
  // Timers may fire a millisecond early.
  t.ok(performance.now() - started >= 99)
  t.same(report, new Map([['good', 'up'], ['bad', 'down'], ['limping', 'degraded'], ['silent', 'down']]))
})

t.test('GET /health/ready lists the dependencies, or answers 503 with those that are down', async (t) => {
  const app = await build(t)
  const up = await app.inject('/health/ready')
  t.match({ status: up.statusCode, body: up.json() }, {
    status: 200, body: { status: 'ready', dependencies: { postgres: 'up', storage: 'up' } }
  })
  app.health.add('storage', async () => { throw new Error('an internal secret') })
  const down = await app.inject('/health/ready')
  t.match({ status: down.statusCode, body: down.json(), headers: down.headers }, {
    status: 503,
    body: { code: 'CHR_UNAVAILABLE', details: [{ path: 'storage', message: 'does not answer' }] },
    headers: { 'retry-after': /^\d+$/ }
  })
  t.notMatch(down.body, 'secret')
  t.equal((await app.inject('/health/live')).statusCode, 200)
})
