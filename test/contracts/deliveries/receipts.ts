import type { Test } from 'tap'
import { createDelivery, createId, createMessageId, second, type MakeStore } from './delivery.ts'

const statuses = ['sent', 'delivered', 'failed'] as const

export function testReceipts (t: Test, makeStore: MakeStore): void {
  t.test('receipts move a message to delivered', async (t) => {
    const { store, id, delivery, messageId, now, receipt, record, milestones } = await createDelivery(t, makeStore)
    await store.claim(id, delivery, now)
    await store.complete(id, { kind: 'sent', provider: 'twilio', messageId }, now + second)
    t.match(await store.receive(receipt('sent'), now + 2 * second), { isNews: false, record: { state: 'sent' } })
    t.match(await store.receive(receipt('delivered'), now + 3 * second), { isNews: true, record: { state: 'delivered' } })
    t.match(await record(), { state: 'delivered', sentAt: now + second, endedAt: now + 3 * second, messageId, reason: undefined })
    t.strictSame(milestones, ['queued', 'sent', 'delivered'])
  })

  for (const first of ['delivered', 'failed'] as const) {
    t.test(`after ${first} no receipt is a milestone`, async (t) => {
      const { store, id, delivery, messageId, now, receipt, record } = await createDelivery(t, makeStore)
      await store.claim(id, delivery, now)
      await store.complete(id, { kind: 'sent', provider: 'twilio', messageId }, now)
      t.equal((await store.receive(receipt(first, { reason: 'blocked' }), now)).isNews, true)
      const end = await record()
      for (const later of statuses) {
        const effect = await store.receive(receipt(later, { reason: 'expired' }), now + second)
        t.strictSame(effect, { isNews: false, record: end }, later)
      }
      t.strictSame(await record(), end)
    })
  }

  t.test('a failure has the reason of its receipt, or not_sent', async (t) => {
    for (const [given, expected] of [[{ reason: 'blocked' as const }, 'blocked'], [{}, 'not_sent']] as const) {
      const { store, id, delivery, messageId, now, receipt, record } = await createDelivery(t, makeStore)
      await store.claim(id, delivery, now)
      await store.complete(id, { kind: 'sent', provider: 'twilio', messageId }, now)
      await store.receive(receipt('failed', given), now)
      t.match(await record(), { state: 'failed', reason: expected, endedAt: now })
    }
  })

  for (const status of statuses) {
    t.test(`a receipt of ${status} may precede the carrier's reply`, async (t) => {
      const { store, id, delivery, messageId, now, receipt, record, milestones } = await createDelivery(t, makeStore)
      await store.claim(id, delivery, now)
      t.equal((await store.receive(receipt(status), now)).isNews, true)
      await store.complete(id, { kind: 'sent', provider: 'twilio', messageId }, now + second)
      t.match(await record(), { state: status, messageId, sentAt: now })
      t.strictSame(milestones, ['queued', status])
    })

    t.test(`a receipt of ${status} overrides a lost reply`, async (t) => {
      const { store, id, delivery, now, receipt, record } = await createDelivery(t, makeStore)
      await store.claim(id, delivery, now)
      await store.receive(receipt(status), now)
      await store.complete(id, { kind: 'retry', ambiguous: true }, now)
      t.equal((await record()).state, status)
      t.strictSame(await store.claim(id, delivery, now), { kind: 'done', state: status }, 'the message is not sent again')
    })
  }

  t.test('a late success of an earlier attempt counts, a failure does not', async (t) => {
    const { store, id, delivery, now, receipt, record } = await createDelivery(t, makeStore)
    const earlier = createMessageId()
    await store.claim(id, delivery, now)
    await store.complete(id, { kind: 'retry', ambiguous: true }, now)
    t.equal((await store.receive(receipt('failed', { messageId: earlier }), now)).isNews, false, 'while the next attempt waits')
    await store.claim(id, delivery, now)
    t.equal((await store.receive(receipt('failed', { messageId: earlier }), now)).isNews, false, 'while the next attempt is in flight')
    await store.complete(id, { kind: 'sent', provider: 'twilio', messageId: createMessageId() }, now)
    t.equal((await store.receive(receipt('failed', { messageId: earlier }), now)).isNews, false, 'after the next attempt was sent')
    t.equal((await record()).state, 'sent')
    t.equal((await store.receive(receipt('delivered', { messageId: earlier }), now)).isNews, true)
    t.match(await record(), { state: 'delivered', messageId: earlier })
  })

  t.test('a failure reported by another provider does not apply', async (t) => {
    const { store, id, delivery, messageId, now, receipt } = await createDelivery(t, makeStore)
    await store.claim(id, delivery, now)
    await store.complete(id, { kind: 'sent', provider: 'webhook', messageId }, now)
    t.equal((await store.receive(receipt('failed'), now)).isNews, false)
  })

  t.test('a late success of an earlier attempt ends the wait for the next', async (t) => {
    const { store, id, delivery, now, receipt } = await createDelivery(t, makeStore)
    await store.claim(id, delivery, now)
    await store.complete(id, { kind: 'retry', ambiguous: true }, now)
    t.equal((await store.receive(receipt('sent'), now)).isNews, true)
    t.strictSame(await store.claim(id, delivery, now), { kind: 'done', state: 'sent' })
    t.equal((await store.receive(receipt('failed'), now)).isNews, true, 'the message is now the current one')
  })

  t.test('a receipt without a delivery id is matched by its message id', async (t) => {
    const { store, id, delivery, messageId, now, receipt, record } = await createDelivery(t, makeStore)
    const { deliveryId: _id, ...bare } = receipt('delivered')
    await store.claim(id, delivery, now)
    t.strictSame(await store.receive(bare, now), { isNews: false, record: undefined }, 'the message id is not known yet')
    await store.complete(id, { kind: 'sent', provider: 'twilio', messageId }, now)
    t.equal((await store.receive({ ...bare, provider: 'webhook' }, now)).record, undefined, 'message ids are separate for each provider')
    t.equal((await store.receive(bare, now)).isNews, true)
    t.equal((await record()).state, 'delivered')
  })

  t.test('a receipt of an unknown message is no milestone', async (t) => {
    const { store, now, receipt, milestones } = await createDelivery(t, makeStore)
    const { deliveryId: _id, ...bare } = receipt('delivered')
    for (const unknown of [receipt('delivered'), receipt('failed', { deliveryId: createId() }), bare]) {
      t.strictSame(await store.receive(unknown, now), { isNews: false, record: undefined })
    }
    t.strictSame(milestones, [])
  })
}
