import t, { type Test } from 'tap'
import type { DeliveryStore, Observe } from '../../../../plugins/sms/deliveries/contract.ts'
import { createRedisDeliveryStore } from '../../../../plugins/sms/deliveries/redis.ts'
import { UnavailableError } from '../../../../src/http/errors.ts'
import { testDeliveries } from '../../../contracts/deliveries.ts'
import { createId, createMessageId, day } from '../../../contracts/deliveries/delivery.ts'
import { connect } from '../../../contracts/otp-store/redis-store.ts'
import { promptMs, until } from '../../../support/polling.ts'
import { spyOnRedis } from '../../../support/connection-spy.ts'

/** Creates a store that alternates between two instances on one Redis. */
async function createSpreadStore (t: Test, observe: Observe): Promise<DeliveryStore> {
  const stores = [createRedisDeliveryStore(await connect(t), observe), createRedisDeliveryStore(await connect(t), observe)] as const
  let calls = 0
  const next = () => stores[calls++ % 2 === 0 ? 0 : 1]
  return {
    open: async (...args) => await next().open(...args),
    claim: async (...args) => await next().claim(...args),
    complete: async (...args) => { await next().complete(...args) },
    receive: async (...args) => await next().receive(...args),
    find: async (...args) => await next().find(...args)
  }
}

testDeliveries(t, createSpreadStore)

async function setUp (t: Test) {
  const client = await connect(t)
  const id = createId()
  return {
    client, store: createRedisDeliveryStore(client, () => {}), id, key: `delivery:{${id}}`, messageId: createMessageId(), now: Date.now()
  }
}

t.test('the record and its index expire after a day, also on different cluster nodes', async (t) => {
  const { client, store, id, key, messageId, now } = await setUp(t)
  await store.claim(id, { claimant: 'service', challengeId: 'challenge' }, now)
  await store.complete(id, { kind: 'sent', provider: 'twilio', messageId }, now)
  await store.receive({ deliveryId: id, provider: 'twilio', messageId, status: 'delivered' }, now)
  for (const each of [key, `delivery:message:{twilio:${messageId}}`]) {
    const rest = await client.pttl(each)
    t.ok(rest > day - 60_000 && rest <= day, `${each}: ${rest} ms`)
  }
})

type Client = Awaited<ReturnType<typeof connect>>
type Corrupt = (client: Client, key: string) => Promise<unknown>

/** Replaces the record by a text that expires before the record would. */
const replace = (text: string): Corrupt => async (client, key) => await client.set(key, text, 'EX', 60)

async function edit (client: Client, key: string, change: (record: Record<string, unknown>) => unknown): Promise<string> {
  const text = JSON.stringify(change(JSON.parse(await client.get(key) ?? '')), null, 1)
  await replace(text)(client, key)
  return text
}

/** Sets a field to a raw text: JSON, or a text that a lenient parser may accept. */
const setField = (field: string, value: string): Corrupt => async (client, key) => {
  const text = await edit(client, key, (record) => ({ ...record, [field]: '?' }))
  await replace(text.replace('"?"', value))(client, key)
}

t.test('a step without changes does not rewrite the record', async (t) => {
  const { client, store, id, key, messageId, now } = await setUp(t)
  const claimant = { claimant: 'service' }
  const sent = { provider: 'twilio', messageId }
  await store.claim(id, claimant, now)
  const sending = await edit(client, key, (record) => record)
  const record = await store.find(id)
  t.match(record, { state: 'sending', attempts: 1 })
  t.equal(await store.open(id, {}, now), 'sending')
  t.strictSame(await store.claim(id, claimant, now), { kind: 'go', record })
  t.strictSame(await store.claim(id, { claimant: 'other' }, now), { kind: 'held', afterMs: 7250 })
  t.equal(await client.get(key), sending)

  const delivered = await edit(client, key, (record) => ({ ...record, state: 'delivered' }))
  t.strictSame(await store.claim(id, claimant, now), { kind: 'done', state: 'delivered' })
  const results = [{ kind: 'sent', ...sent }, { kind: 'retry', ambiguous: true }, { kind: 'postponed' }, {
    kind: 'failed', reason: 'blocked'
  }, { kind: 'dropped' }] as const
  for (const result of results) await store.complete(id, result, now)
  for (const status of ['sent', 'failed'] as const) {
    t.match(await store.receive({ deliveryId: id, ...sent, status }, now), {
      isNews: false, record: { state: 'delivered' }
    })
  }
  t.equal(await client.get(key), delivered)
})

t.test('a step that changes a record does not change its expiry', async (t) => {
  const { client, store, id, key, messageId, now } = await setUp(t)
  await store.open(id, {}, now)
  await client.pexpire(key, 60_000)
  await store.claim(id, { claimant: 'service' }, now)
  await store.complete(id, { kind: 'sent', provider: 'twilio', messageId }, now)
  t.match(await store.receive({ deliveryId: id, provider: 'twilio', messageId, status: 'delivered' }, now), { isNews: true })
  const rest = await client.pttl(key)
  t.ok(rest > 0 && rest <= 60_000, `${rest} ms`)
})

const numbers = ['send', 'attempts', 'ambiguous', 'queuedAt', 'claimedAt', 'sentAt', 'endedAt']
const texts = ['challengeId', 'country', 'claimant', 'provider', 'messageId', 'reason']

const corruptions: Record<string, Corrupt> = {
  'of another version': setField('v', '2'),
  'of no version': async (client, key) => await edit(client, key, ({ v, ...record }) => record),
  'a hash': async (client, key) => { await client.del(key); await client.hset(key, 'v', '1', 'state', 'sending') },
  'a list': async (client, key) => { await client.del(key); await client.lpush(key, '{"v":1}') },
  'not valid UTF-8': async (client, key) => { await client.set(key, Buffer.from([0xff, 0xfe, 0x7b]), 'EX', 60) },
  'in a state that is a list': setField('state', '["queued"]'),
  'in a state named like a property of every object': setField('state', '"toString"'),
  'in an unknown state': setField('state', '"lost"'),
  'without a state': async (client, key) => await edit(client, key, ({ state, ...record }) => record),
  'one whose state is not a string': setField('state', '{}'),
  ...Object.fromEntries(['', 'text', '{"v":1', '1', '"text"', 'null', 'true', '[]', '[1]', '{}'].map((text) => [
    `the text '${text}'`, replace(text)
  ])),
  ...Object.fromEntries(['send', 'attempts', 'ambiguous', 'queuedAt'].map((field) => [
    `one without ${field}`, async (client, key) => await edit(client, key, ({ [field]: _, ...record }) => record)
  ] satisfies [string, Corrupt])),
  ...Object.fromEntries(numbers.flatMap((field) => ['"x"', '"1"', 'nan', '-1', '0.5', '1e300', '1e999', 'null'].map((value) => [
    `one whose ${field} is ${value}`, setField(field, value)
  ]))),
  ...Object.fromEntries(texts.flatMap((field) => ['1', '1e999', 'null', '{}'].map((value) => [
    `one whose ${field} is ${value}`, setField(field, value)
  ])))
}

for (const [what, corrupt] of Object.entries(corruptions)) {
  t.test(`a record that is ${what} counts as absent`, async (t) => {
    const { client, store, id, key, messageId, now } = await setUp(t)
    await store.claim(id, { claimant: 'service' }, now)
    await corrupt(client, key)
    t.equal(await store.find(id), undefined)
    await store.complete(id, { kind: 'dropped' }, now)
    t.strictSame(await store.receive({ deliveryId: id, provider: 'twilio', messageId, status: 'sent' }, now), {
      isNews: false, record: undefined
    })
    t.match(await store.claim(id, { claimant: 'service' }, now), { kind: 'go', record: { attempts: 1, ambiguous: 0 } })
    t.ok(await client.pttl(key) > day - 60_000)
  })
}

for (const value of ['1e999', '{}', '"text"']) {
  t.test(`the unknown field ${value} is removed by the next change`, async (t) => {
    const { client, store, id, key, messageId, now } = await setUp(t)
    await store.claim(id, { claimant: 'service', country: 'IN' }, now)
    await setField('unknownField', value)(client, key)
    t.match(await store.find(id), { state: 'sending', attempts: 1, claimant: 'service' })
    t.equal(await store.open(id, {}, now), 'sending')
    await store.complete(id, { kind: 'sent', provider: 'twilio', messageId }, now)
    t.match(await store.find(id), { state: 'sent', attempts: 1, messageId })
    t.notOk((await client.get(key))?.includes('unknownField'))
  })
}

t.test('claim and complete read nothing when the caller passes queuedAt and the claimed record', async (t) => {
  const { client, store, id, messageId, now } = await setUp(t)
  const delivery = { challengeId: 'challenge', send: 2, country: 'IN' }
  await store.open(id, delivery, now)
  await store.claim(createId(), { claimant: 'service' }, now)
  const commands = t.capture(client, 'sendCommand', client.sendCommand)
  const namesOf = () => commands().map(({ args: [{ name }] }) => name)
  const claim = await store.claim(id, { ...delivery, claimant: 'service', queuedAt: now }, now + 5)
  t.strictSame(namesOf(), ['evalsha'])
  const expected = {
    state: 'sending', challengeId: 'challenge', send: 2, country: 'IN', attempts: 1, queuedAt: now, claimedAt: now + 5
  } as const
  t.match(claim, { kind: 'go', record: expected })
  await store.complete(id, { kind: 'sent', provider: 'twilio', messageId }, now + 9, claim.kind === 'go' ? claim.record : undefined)
  t.strictSame(namesOf().sort(), ['evalsha', 'set'])
  t.match(await store.find(id), { ...expected, state: 'sent', provider: 'twilio', messageId, sentAt: now + 9 })
})

t.test('a stale opened-at or claim still completes the step', async (t) => {
  const { store, id, messageId, now } = await setUp(t)
  const claimant = { claimant: 'service', queuedAt: now - 1 }
  t.match(await store.claim(id, claimant, now), { kind: 'go', record: { queuedAt: now, attempts: 1 } }, 'the delivery was never opened')
  const stale = await store.find(id)
  await store.complete(id, { kind: 'retry', ambiguous: true }, now, stale)
  t.match(await store.claim(id, claimant, now), {
    kind: 'go', record: { queuedAt: now, attempts: 2, ambiguous: 1 }
  }, 'the delivery was claimed before')
  await store.receive({ deliveryId: id, provider: 'twilio', messageId, status: 'delivered' }, now)
  await store.complete(id, { kind: 'retry', ambiguous: true }, now, stale)
  await store.complete(id, { kind: 'sent', provider: 'twilio', messageId: 'other' }, now, stale)
  t.match(await store.find(id), { state: 'delivered', attempts: 2, ambiguous: 1, messageId })
  t.strictSame(await store.claim(id, { ...claimant, queuedAt: now }, now), { kind: 'done', state: 'delivered' })
})

t.test('a delivery queued over a day ago is claimed like a new one', async (t) => {
  const { store, id, now } = await setUp(t)
  for (const attempt of [1, 2]) {
    t.match(await store.claim(id, { claimant: 'service', queuedAt: now - day }, now), {
      kind: 'go', record: { queuedAt: now, attempts: attempt }
    })
    await store.complete(id, { kind: 'retry', ambiguous: false }, now)
  }
})

t.test('a reason of a later version is read as a known one', async (t) => {
  const { client, store, id, key, now } = await setUp(t)
  await store.claim(id, { claimant: 'service' }, now)
  await store.complete(id, { kind: 'failed', reason: 'blocked' }, now)
  await setField('reason', '"eaten_by_a_dog"')(client, key)
  t.equal((await store.find(id))?.reason, 'not_sent')
})

for (const state of ['unreachable', 'frozen'] as const) {
  t.test(`while Redis is ${state} every step fails as unavailable within the deadline`, async (t) => {
    const { proxy, env } = await spyOnRedis(t)
    const store = createRedisDeliveryStore(await connect(t, env['REDIS_URL']), () => {})
    const [id, messageId, now] = [createId(), createMessageId(), Date.now()]
    await store.claim(id, { claimant: 'service' }, now)
    if (state === 'unreachable') await proxy.cut()
    else proxy.freeze()
    const start = performance.now()
    const steps = await Promise.allSettled([
      store.open(id, {}, now),
      store.claim(id, { claimant: 'service' }, now),
      store.complete(id, { kind: 'sent', provider: 'twilio', messageId }, now),
      store.complete(id, { kind: 'dropped' }, now),
      store.receive({ provider: 'twilio', messageId, status: 'sent' }, now),
      store.receive({ deliveryId: id, provider: 'twilio', messageId, status: 'sent' }, now),
      store.find(id)
    ])
    const took = performance.now() - start
    t.ok(took < promptMs, `${took.toFixed(0)} ms`)
    for (const step of steps) t.ok(step.status === 'rejected' && step.reason instanceof UnavailableError)
    await proxy.restore()
    await until('Redis answers again', async () => await store.find(id).then(() => true, () => false))
  })
}

t.test('an accepted SMS is recorded after its caller has given up, and a claim is not', async (t) => {
  const { proxy, env } = await spyOnRedis(t)
  const { store, id, messageId, now } = await setUp(t)
  const late = createRedisDeliveryStore(await connect(t, env['REDIS_URL']), () => {})
  const claim = await late.claim(id, { claimant: 'service' }, now)
  const other = createId()
  await store.open(other, {}, now)
  proxy.freeze()
  const completing = late.complete(id, { kind: 'sent', provider: 'twilio', messageId }, now, claim.kind === 'go' ? claim.record : undefined)
  await Promise.all([t.rejects(completing, UnavailableError), t.rejects(late.claim(other, {
    claimant: 'service', queuedAt: now
  }, now), UnavailableError)])
  await proxy.restore()
  await until('the result arrives', async () => (await store.find(id))?.state === 'sent')
  t.equal((await store.find(other))?.state, 'queued')
})

t.test('a step that Redis refuses as late changes nothing, reports no milestone, and is unavailable', async (t) => {
  const { store: other, id, now } = await setUp(t)
  const milestones: string[] = []
  const store = createRedisDeliveryStore(await connect(t), (_record, milestone) => milestones.push(milestone))
  await other.open(id, {}, now)
  const claim = await store.claim(id, { claimant: 'service', queuedAt: now }, now)
  const complete = async () => {
    await store.complete(id, {
      kind: 'failed', reason: 'blocked'
    }, now, claim.kind === 'go' ? claim.record : undefined)
  }
  // The clock of this process jumps back after the store has measured its offset from the clock of Redis.
  const { now: real } = Date
  Date.now = () => real() - 5000
  t.teardown(() => { Date.now = real })
  await t.rejects(complete(), UnavailableError)
  Date.now = real
  t.equal((await other.find(id))?.state, 'sending')
  t.strictSame(milestones, [])
  await complete()
  t.equal((await other.find(id))?.state, 'failed')
  t.strictSame(milestones, ['failed'])
})
