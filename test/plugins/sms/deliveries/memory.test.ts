import t from 'tap'
import { createMemoryDeliveryStore } from '../../../../plugins/sms/deliveries/memory.ts'
import { testDeliveries } from '../../../contracts/deliveries.ts'
import { createId, createMessageId, day, second } from '../../../contracts/deliveries/delivery.ts'

testDeliveries(t, async (_t, observe) => createMemoryDeliveryStore(observe))

t.test('expiry removes only deliveries that are a day old', async (t) => {
  const store = createMemoryDeliveryStore(() => {})
  const [older, newer] = [createId(), createId()]
  const messageId = createMessageId()
  await store.claim(older, { claimant: 'service' }, 0)
  await store.complete(older, { kind: 'sent', provider: 'twilio', messageId }, 0)
  await store.open(newer, {}, second)
  t.equal(store.removeExpired(day - 1), 2)
  t.equal((await store.receive({ provider: 'twilio', messageId, status: 'sent' }, day - 1)).record?.state, 'sent')
  t.equal(store.removeExpired(day), 1)
  t.equal(await store.find(older), undefined)
  t.equal((await store.receive({ provider: 'twilio', messageId, status: 'delivered' }, second)).record, undefined)
  t.equal((await store.find(newer))?.state, 'queued')
})

t.test('the oldest deliveries are removed beyond the capacity', async (t) => {
  const store = createMemoryDeliveryStore(() => {}, 3)
  const ids = Array.from({ length: 5 }, createId)
  for (const id of ids) await store.open(id, {}, 0)
  t.strictSame(await Promise.all(ids.map(async (id) => (await store.find(id))?.state)), [
    undefined, undefined, 'queued', 'queued', 'queued'
  ])
})

t.test('find returns a copy', async (t) => {
  const store = createMemoryDeliveryStore((record) => { record.state = 'failed' })
  const id = createId()
  const claim = await store.claim(id, { claimant: 'service' }, 0)
  if (claim.kind === 'go') claim.record.state = 'dropped'
  const found = await store.find(id)
  if (found !== undefined) found.state = 'delivered'
  t.equal((await store.find(id))?.state, 'sending')
})
