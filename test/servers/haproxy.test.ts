import t from 'tap'
import { Agent } from 'undici'
import { certificate } from '../fixtures/tls.ts'
import { startFleet } from '../support/fleet.ts'
import { startTraffic } from '../support/traffic.ts'
import { haproxy, startProxy } from '../support/services/proxies.ts'

/** The default in production. */
const drainSeconds = '10'

t.test('four services behind HAProxy restart one after the other under load, and no request fails', async (t) => {
  const fleet = await startFleet(t, 4, { DRAIN_SECONDS: drainSeconds, TRUST_PROXY: 'loopback', SMS_CONCURRENCY: '20' })
  const { url, check } = await startProxy(t, haproxy, fleet.ports)
  t.equal(check.status, 0, check.output)
  const dispatcher = new Agent({ connect: { ca: certificate }, connections: 64 })
  t.teardown(async () => { await dispatcher.destroy() })
  const traffic = await startTraffic(url, fleet, dispatcher)
  const started = performance.now()
  for (const index of fleet.ports.keys()) await fleet.restart(index)
  const seconds = (performance.now() - started) / 1000
  await traffic.stop()
  const { login, upload, image } = traffic.counts
  t.comment(`${login} of login, ${upload} uploads and ${image} images in ${Math.round(seconds)} s`)
  t.same(traffic.failures, [])
  for (const count of [login, upload, image]) t.ok(count > 20, 'each kind was sent during the restarts')
})
