import t, { type Test } from 'tap'
import type { DeliveryStore, Observe } from '../../../plugins/deliveries/contract.ts'
import { createRedisDeliveryStore } from '../../../plugins/deliveries/redis.ts'
import { UnavailableError } from '../../../src/errors.ts'
import { testDeliveries } from '../../contracts/deliveries.ts'
import { createId, createMessageId, day } from '../../contracts/deliveries/delivery.ts'
import { connect } from '../../contracts/otp-store/redis-store.ts'
import { until } from '../../polling.ts'
import { wireRedis } from '../../wires.ts'

/** Two instances at one Redis: each call goes to the other one. */
async function createSpreadStore (t: Test, observe: Observe): Promise<DeliveryStore> {
  const stores = [createRedisDeliveryStore(await connect(t), observe), createRedisDeliveryStore(await connect(t), observe)] as const
  let calls = 0
  const next = () => stores[calls++ % 2 === 0 ? 0 : 1]
  return {
    open: async (...args) => await next().open(...args),
    claim: async (...args) => await next().claim(...args),
    settle: async (...args) => { await next().settle(...args) },
    receive: async (...args) => await next().receive(...args),
    find: async (...args) => await next().find(...args)
  }
}

testDeliveries(t, createSpreadStore)

async function setUp (t: Test) {
  const client = await connect(t)
  const id = createId()
  return { client, store: createRedisDeliveryStore(client, () => {}), id, key: `delivery:{${id}}`, messageId: createMessageId(), now: Date.now() }
}

t.test('record and index end after a day, on whatever cluster nodes', async (t) => {
  const { client, store, id, key, messageId, now } = await setUp(t)
  await store.claim(id, { claimant: 'service', challengeId: 'challenge' }, now)
  await store.settle(id, { kind: 'sent', provider: 'twilio', messageId }, now)
  await store.receive({ deliveryId: id, provider: 'twilio', messageId, status: 'delivered' }, now)
  for (const each of [key, `delivery:message:{twilio:${messageId}}`]) {
    const rest = await client.pttl(each)
    t.ok(rest > day - 60_000 && rest <= day, `${each}: ${rest} ms`)
  }
})

const corruptions: Record<string, (client: Awaited<ReturnType<typeof connect>>, key: string) => Promise<unknown>> = {
  'of another version': async (client, key) => await client.hset(key, 'v', '2'),
  'a string': async (client, key) => { await client.del(key); await client.set(key, 'text', 'EX', 60) },
  'in no known state': async (client, key) => await client.hset(key, 'state', 'lost'),
  'without a state': async (client, key) => await client.hdel(key, 'state'),
  ...Object.fromEntries(['send', 'attempts', 'ambiguous', 'queuedAt', 'claimedAt', 'sentAt', 'endedAt'].flatMap((field) => ['x', 'nan', '-1'].map((value) => [
    `one whose ${field} is ${value}`, async (client, key) => await client.hset(key, field, value)
  ] satisfies [string, (typeof corruptions)[string]])))
}

for (const [what, corrupt] of Object.entries(corruptions)) {
  t.test(`a record that is ${what} counts as absent`, async (t) => {
    const { client, store, id, key, messageId, now } = await setUp(t)
    await store.claim(id, { claimant: 'service' }, now)
    await corrupt(client, key)
    t.equal(await store.find(id), undefined)
    await store.settle(id, { kind: 'dropped' }, now)
    t.strictSame(await store.receive({ deliveryId: id, provider: 'twilio', messageId, status: 'sent' }, now), { isNews: false, record: undefined })
    t.match(await store.claim(id, { claimant: 'service' }, now), { kind: 'go', record: { attempts: 1, ambiguous: 0 } })
    t.ok(await client.pttl(key) > 0)
  })
}

t.test('a reason of a later version is told as one that is known', async (t) => {
  const { client, store, id, key, now } = await setUp(t)
  await store.claim(id, { claimant: 'service' }, now)
  await store.settle(id, { kind: 'failed', reason: 'blocked' }, now)
  await client.hset(key, 'reason', 'eaten_by_a_dog')
  t.equal((await store.find(id))?.reason, 'not_sent')
})

for (const state of ['gone', 'frozen'] as const) {
  t.test(`while Redis is ${state} every step fails as unavailable within a second`, async (t) => {
    const { proxy, env } = await wireRedis(t)
    const store = createRedisDeliveryStore(await connect(t, env['REDIS_URL']), () => {})
    const [id, messageId, now] = [createId(), createMessageId(), Date.now()]
    await store.claim(id, { claimant: 'service' }, now)
    if (state === 'gone') await proxy.cut()
    else proxy.freeze()
    const start = performance.now()
    const steps = await Promise.allSettled([
      store.open(id, {}, now),
      store.claim(id, { claimant: 'service' }, now),
      store.settle(id, { kind: 'sent', provider: 'twilio', messageId }, now),
      store.settle(id, { kind: 'dropped' }, now),
      store.receive({ provider: 'twilio', messageId, status: 'sent' }, now),
      store.receive({ deliveryId: id, provider: 'twilio', messageId, status: 'sent' }, now),
      store.find(id)
    ])
    const took = performance.now() - start
    t.ok(took < 1000, `${took.toFixed(0)} ms`)
    for (const step of steps) t.ok(step.status === 'rejected' && step.reason instanceof UnavailableError)
    await proxy.restore()
    await until('Redis answers again', async () => await store.find(id).then(() => true, () => false))
  })
}

t.test('what a carrier took is noted although nobody waits for it any more, and a claim is not', async (t) => {
  const { proxy, env } = await wireRedis(t)
  const { client, store, id, messageId, now } = await setUp(t)
  const late = createRedisDeliveryStore(await connect(t, env['REDIS_URL']), () => {})
  await late.claim(id, { claimant: 'service' }, now)
  const other = createId()
  proxy.freeze()
  await t.rejects(Promise.all([late.settle(id, { kind: 'sent', provider: 'twilio', messageId }, now)]), UnavailableError)
  await t.rejects(late.claim(other, { claimant: 'service' }, now), UnavailableError)
  await proxy.restore()
  await until('the settlement arrives', async () => (await store.find(id))?.state === 'sent')
  t.equal(await client.exists(`delivery:{${other}}`), 0)
})
