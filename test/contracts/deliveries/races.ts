import type { Test } from 'tap'
import { createDelivery, type MakeStore } from './delivery.ts'

const racers = 50

async function race<T> (act: (index: number) => Promise<T>): Promise<T[]> {
  return await Promise.all(Array.from({ length: racers }, async (_, index) => await act(index)))
}

export function testRaces (t: Test, makeStore: MakeStore): void {
  t.test('fifty concurrent opens open one delivery', async (t) => {
    const { store, id, delivery, now, record, milestones } = await createDelivery(t, makeStore)
    t.strictSame(await race((index) => store.open(id, { ...delivery, send: index + 1 }, now)), Array(racers).fill('queued'))
    t.strictSame(milestones, ['queued'])
    const { send } = await record()
    await race(() => store.open(id, { ...delivery, send: racers + 1 }, now))
    t.equal((await record()).send, send, 'the first open determines the record')
  })

  t.test('one of fifty concurrent claims succeeds, and the others wait', async (t) => {
    const { store, id, delivery, now } = await createDelivery(t, makeStore)
    const claims = await race((index) => store.claim(id, { ...delivery, claimant: `process ${index}` }, now))
    t.strictSame(claims.map(({ kind }) => kind).sort(), ['go', ...Array<string>(racers - 1).fill('held')])
  })

  t.test('one of fifty equal concurrent receipts is a milestone', async (t) => {
    const { store, id, delivery, messageId, now, receipt, milestones } = await createDelivery(t, makeStore)
    await store.claim(id, delivery, now)
    await store.complete(id, { kind: 'sent', provider: 'twilio', messageId }, now)
    const effects = await race(() => store.receive(receipt('delivered'), now))
    t.equal(effects.filter(({ isNews }) => isNews).length, 1)
    t.strictSame(milestones, ['queued', 'sent', 'delivered'])
  })

  t.test('the first of contradicting concurrent receipts stays', async (t) => {
    const { store, id, delivery, messageId, now, receipt, record, milestones } = await createDelivery(t, makeStore)
    await store.claim(id, delivery, now)
    await store.complete(id, { kind: 'sent', provider: 'twilio', messageId }, now)
    const effects = await race((index) => store.receive(receipt(index % 2 === 0 ? 'delivered' : 'failed'), now))
    t.equal(effects.filter(({ isNews }) => isNews).length, 1)
    t.strictSame(milestones, ['queued', 'sent', (await record()).state])
  })

  t.test('a receipt wins over the reply, in any order', async (t) => {
    for (let round = 0; round < 20; round++) {
      const { store, id, delivery, messageId, now, receipt, record } = await createDelivery(t, makeStore)
      await store.claim(id, delivery, now)
      const racing = [
        async () => { await store.receive(receipt('delivered'), now) },
        async () => { await store.complete(id, { kind: 'sent', provider: 'twilio', messageId }, now) }
      ]
      if (round % 2 === 1) racing.reverse()
      await Promise.all(racing.map(async (act) => { await act() }))
      t.match(await record(), { state: 'delivered', messageId })
    }
  })
}
