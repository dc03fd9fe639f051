import { Cluster, Redis } from 'ioredis'
import t from 'tap'
import { reconnect } from '../../../../plugins/platform/redis/probe.ts'
import { serviceUrl } from '../../../support/databases.ts'
import { until } from '../../../support/polling.ts'
import { createProxy } from '../../../support/proxy.ts'
import { build, createPhone, postJson } from '../../../support/helper.ts'

t.test('a silent connection is replaced, except those of a cluster', async (t) => {
  const calls: unknown[][] = []
  for (const client of [new Redis({ lazyConnect: true }), new Cluster([], { lazyConnect: true })]) {
    const restore = t.intercept(client, 'disconnect', { value: (...args: unknown[]) => { calls.push(args) } })
    reconnect(client)
    restore()
    client.disconnect()
  }
  t.ok(calls.length >= 1)
  t.strictSame(calls[0], [true])
})

t.test('when a server falls silent and keeps its connections, the service reaches the next one at the address', async (t) => {
  const { hostname: host, port } = new URL(serviceUrl('TEST_REDIS_URL'))
  const proxy = await createProxy(t, { host, port: Number(port) })
  const url = `redis://127.0.0.1:${proxy.port}`
  const app = await build(t, { env: { REDIS_URL: url, DEPENDENCY_TIMEOUT_MS: '1000' } })
  proxy.freeze()
  proxy.abandon()
  await until('the service works', async () => (
    await postJson(app, '/signup', { name: 'Asha', phone_number: createPhone() })
  ).status === 200)
})
