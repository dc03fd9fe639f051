import { randomUUID } from 'node:crypto'
import t, { type Test } from 'tap'
import { createClient } from '../../../../src/redis/client.ts'
import { createTimeouts } from '../../../../src/config/timeouts.ts'
import { createSuspensionStore } from '../../../../plugins/sms/providers/suspension-store.ts'
import { serviceUrl } from '../../../support/databases.ts'
import { until } from '../../../support/polling.ts'
import { createProxy } from '../../../support/proxy.ts'

async function open (t: Test, url: string, secret?: string) {
  const client = createClient([url], createTimeouts(2500))
  client.on('error', () => {})
  t.teardown(() => { client.disconnect() })
  await until('Redis answers', async () => await client.ping().then(() => true, () => false))
  return { client, store: createSuspensionStore(client, secret) }
}

t.test('instances share a suspension for a minute', async (t) => {
  const provider = randomUUID()
  const [{ client, store: one }, { store: other }] = await Promise.all([
    open(t, serviceUrl('TEST_REDIS_URL')), open(t, serviceUrl('TEST_REDIS_URL'))
  ])
  t.equal(await other.has(provider), false)
  t.equal(await one.put(provider), true)
  t.equal(await other.has(provider), true)
  await client.pexpire(`sms:stopped:${provider}`, 1000)
  t.equal(await other.put(provider), false, 'it is not the first suspension')
  const life = await client.pttl(`sms:stopped:${provider}`)
  t.ok(life > 30_000 && life <= 60_000, `${life} ms`)
  await other.remove(provider)
  t.equal(await one.has(provider), false)
  t.equal(await one.put(provider), true, 'it is the first suspension again')
})

t.test('the instances of a service share the suspensions that receipts caused, and no other service adopts them', async (t) => {
  const provider = randomUUID()
  const [{ store: one }, { store: same }, { store: other }] = await Promise.all([
    open(t, serviceUrl('TEST_REDIS_URL'), 'a'), open(t, serviceUrl('TEST_REDIS_URL'), 'a'), open(t, serviceUrl('TEST_REDIS_URL'), 'b')
  ])
  await one.put(provider, 'receipt')
  t.same([await same.isReported(provider), await other.isReported(provider)], [true, false])
  t.equal(await other.has(provider), true, 'every instance reports it')
  await one.put(provider)
  t.equal(await same.isReported(provider), false, 'a refused call suspends only the instance that made it')
  await one.remove(provider)
})

t.test('one of several concurrent suspensions is the first', async (t) => {
  const provider = randomUUID()
  const stores = await Promise.all(Array.from({ length: 5 }, async () => (await open(t, serviceUrl('TEST_REDIS_URL'))).store))
  const firsts = await Promise.all(stores.map(async (store) => await store.put(provider)))
  t.equal(firsts.filter((isFirst) => isFirst).length, 1)
})

t.test('while Redis is unavailable the store finds no suspension and throws no error', async (t) => {
  const { hostname: host, port } = new URL(serviceUrl('TEST_REDIS_URL'))
  const proxy = await createProxy(t, { host, port: Number(port) })
  const provider = randomUUID()
  const { store } = await open(t, `redis://127.0.0.1:${proxy.port}`)
  t.equal(await store.put(provider), true)
  await proxy.cut()
  t.equal(await store.has(provider), false)
  t.equal(await store.put(provider), true, 'a repeated alert is better than a missing one')
  await t.rejects(store.isReported(provider))
  await store.remove(provider)
})

t.test('without Redis every suspension is the first, and no suspension is stored', async (t) => {
  const store = createSuspensionStore(undefined)
  t.equal(await store.put('twilio'), true)
  t.same([await store.has('twilio'), await store.isReported('twilio')], [false, false])
  await store.remove('twilio')
})
