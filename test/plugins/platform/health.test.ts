import { mock } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import Fastify from 'fastify'
import t from 'tap'
import health from '../../../plugins/platform/health.ts'
import { build } from '../../support/helper.ts'

t.test('a dependency that answers is up, or says that it is degraded; one that refuses or says nothing within a second is down', async (t) => {
  const app = Fastify()
  await app.register(health)
  app.health.add('good', async () => {})
  app.health.add('bad', async () => { throw new Error('refused') })
  app.health.add('limping', async () => 'degraded')
  app.health.add('silent', async () => { await new Promise(() => {}) })
  mock.timers.enable({ apis: ['setTimeout'] })
  t.teardown(() => { mock.timers.reset() })
  let report
  const reporting = app.health.report().then((result) => { report = result })
  mock.timers.tick(899)
  await setImmediate()
  t.equal(report, undefined, 'the silent one gets its time')
  mock.timers.tick(1)
  await reporting
  t.same(report, new Map([['good', 'up'], ['bad', 'down'], ['limping', 'degraded'], ['silent', 'down']]))
  await app.close()
})

t.test('GET /health/ready names what is up, or answers 503 with what is down', async (t) => {
  const app = await build(t)
  const up = await app.inject('/health/ready')
  t.match({ status: up.statusCode, body: up.json() }, { status: 200, body: { status: 'ready', dependencies: { postgres: 'up', storage: 'up' } } })
  app.health.add('storage', async () => { throw new Error('a secret of the inside') })
  const down = await app.inject('/health/ready')
  t.match({ status: down.statusCode, body: down.json(), headers: down.headers }, {
    status: 503, body: { code: 'CHR_UNAVAILABLE', details: [{ path: 'storage', message: 'does not answer' }] }, headers: { 'retry-after': /^\d+$/ }
  })
  t.notMatch(down.body, 'secret')
  t.equal((await app.inject('/health/live')).statusCode, 200)
})
