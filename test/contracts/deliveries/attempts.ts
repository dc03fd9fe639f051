import type { Test } from 'tap'
import type { DeliveryResult } from '../../../src/domain/sms/delivery.ts'
import { callLifeMs } from '../../../src/domain/sms/delivery-rules.ts'
import { createDelivery, createId, day, newRecord, second, type MakeStore } from './delivery.ts'

const ends: Array<[string, DeliveryResult]> = [
  ['sent', { kind: 'sent', provider: 'twilio', messageId: 'SM1' }],
  ['failed', { kind: 'failed', reason: 'opted_out', provider: 'twilio' }],
  ['dropped', { kind: 'dropped' }]
]

export function testAttempts (t: Test, makeStore: MakeStore): void {
  t.test('a delivery is opened once; a second open changes nothing', async (t) => {
    const { store, id, delivery, now, record, milestones } = await createDelivery(t, makeStore)
    t.equal(await store.find(id), undefined)
    t.equal(await store.open(id, delivery, now), 'queued')
    t.strictSame(await record(), newRecord(now))
    await store.claim(id, delivery, now)
    t.equal(await store.open(id, { challengeId: 'other' }, now + second), 'sending')
    t.match(await record(), { challengeId: 'challenge', queuedAt: now, attempts: 1 })
    t.strictSame(milestones, ['queued'])
  })

  t.test('a notice has no challenge and possibly no country', async (t) => {
    const { store, id, now, record } = await createDelivery(t, makeStore)
    await store.open(id, {}, now)
    t.strictSame(await record(), { ...newRecord(now), challengeId: undefined, send: 1, country: undefined })
  })

  t.test('a claim opens an unknown delivery, and counts its attempt', async (t) => {
    const { store, id, delivery, now, milestones } = await createDelivery(t, makeStore)
    t.strictSame(await store.claim(id, delivery, now), {
      kind: 'go', record: { ...newRecord(now), state: 'sending', claimant: 'service', claimedAt: now, attempts: 1 }
    })
    t.strictSame(milestones, ['queued'])
  })

  for (const [state, result] of ends) {
    t.test(`a delivery that is ${state} is never claimed again and does not change`, async (t) => {
      const { store, id, delivery, now, record, milestones } = await createDelivery(t, makeStore)
      await store.claim(id, delivery, now)
      await store.complete(id, result, now + second)
      const completed = await record()
      t.equal(completed.state, state)
      t.equal(state === 'sent' ? completed.sentAt : completed.endedAt, now + second)
      t.strictSame(await store.claim(id, delivery, now + 2 * second), { kind: 'done', state })
      for (const other of [{ kind: 'retry', ambiguous: true }, { kind: 'postponed' }, { kind: 'dropped' }, {
        kind: 'failed', reason: 'not_sent'
      }] as const) {
        await store.complete(id, other, now + 2 * second)
      }
      t.strictSame(await record(), completed)
      t.strictSame(milestones, ['queued', state])
    })
  }

  t.test('a failure has its reason and provider', async (t) => {
    const { store, id, delivery, now, record } = await createDelivery(t, makeStore)
    await store.claim(id, delivery, now)
    await store.complete(id, { kind: 'failed', reason: 'opted_out', provider: 'twilio' }, now)
    t.match(await record(), { state: 'failed', reason: 'opted_out', provider: 'twilio', messageId: undefined })
  })

  t.test('the delivery fails after three attempts', async (t) => {
    const { store, id, delivery, now, record, milestones } = await createDelivery(t, makeStore)
    for (let attempt = 1; attempt <= 3; attempt++) {
      t.match(await store.claim(id, delivery, now), { kind: 'go', record: { attempts: attempt, ambiguous: attempt === 3 ? 1 : 0 } })
      await store.complete(id, { kind: 'retry', ambiguous: attempt === 2 }, now)
      t.equal((await record()).state, 'queued')
    }
    t.strictSame(await store.claim(id, delivery, now + second), { kind: 'done', state: 'failed' })
    t.match(await record(), { reason: 'not_sent', attempts: 3, endedAt: now + second })
    t.strictSame(milestones, ['queued', 'failed'])
  })

  t.test('a delivery interrupted by a kill is ambiguous and may be claimed again', async (t) => {
    const { store, id, delivery, now, record } = await createDelivery(t, makeStore)
    const claimBy = async (claimant: string, calls: number) => await store.claim(id, { ...delivery, claimant }, now + calls * callLifeMs)
    await claimBy('first', 0)
    for (let cuts = 1; cuts <= 5; cuts++) {
      t.match(await claimBy(`after ${cuts}`, cuts), { kind: 'go', record: { attempts: 1, ambiguous: cuts, claimant: `after ${cuts}` } })
    }
    t.match(await claimBy('sixth', 6), {
      kind: 'go', record: { attempts: 2, ambiguous: 6 }
    }, 'a sixth interrupted call counts as an attempt')
    t.match(await claimBy('seventh', 7), { kind: 'go', record: { attempts: 3, ambiguous: 7 } })
    t.strictSame(await claimBy('eighth', 8), { kind: 'done', state: 'failed' })
    t.match(await record(), { state: 'failed', reason: 'not_sent', attempts: 3, ambiguous: 8 })
  })

  t.test('a delivery is held while the call of another process may last, even with clock skew', async (t) => {
    const { store, id, delivery, now, record } = await createDelivery(t, makeStore)
    await store.claim(id, delivery, now)
    const claimAt = async (moment: number) => await store.claim(id, { ...delivery, claimant: 'other' }, moment)
    t.strictSame(await claimAt(now + callLifeMs - 1), { kind: 'held', afterMs: 1 })
    t.strictSame(await claimAt(now - second), { kind: 'held', afterMs: callLifeMs + second })
    t.match(await record(), { state: 'sending', claimant: 'service', claimedAt: now, attempts: 1, ambiguous: 0 })
    t.match(await claimAt(now - callLifeMs), { kind: 'go' }, 'a claim that is too far in the future is ignored')
  })

  t.test('a repeated claim after a lost reply is one attempt', async (t) => {
    const { store, id, delivery, now } = await createDelivery(t, makeStore)
    for (let claims = 0; claims < 5; claims++) {
      t.match(await store.claim(id, delivery, now + claims * second), { kind: 'go', record: { attempts: 1, ambiguous: 0 } })
    }
  })

  t.test('an attempt without a carrier call does not count, and is released once', async (t) => {
    const { store, id, delivery, now, record } = await createDelivery(t, makeStore)
    for (let count = 0; count < 5; count++) {
      t.match(await store.claim(id, delivery, now), { kind: 'go', record: { attempts: 1 } })
      await store.complete(id, { kind: 'postponed' }, now)
      await store.complete(id, { kind: 'postponed' }, now)
    }
    t.match(await record(), { state: 'queued', attempts: 0, ambiguous: 0 })
  })

  t.test('a delivery is held until its next attempt is due', async (t) => {
    for (const kind of ['retry', 'postponed'] as const) {
      const { store, id, delivery, now, record } = await createDelivery(t, makeStore)
      await store.claim(id, delivery, now)
      await store.complete(id, { kind, ambiguous: false, retryAt: now + second }, now)
      t.match(await record(), { state: 'queued', retryAt: now + second })
      const attempts = kind === 'retry' ? 1 : 0
      t.strictSame(await store.claim(id, delivery, now + second - 1), { kind: 'held', afterMs: 1 })
      t.equal((await record()).attempts, attempts, 'a held claim is no attempt')
      t.match(await store.claim(id, delivery, now + second), { kind: 'go', record: { attempts: attempts + 1, retryAt: undefined } })
    }
  })

  t.test('a waiting delivery may be dropped', async (t) => {
    const { store, id, delivery, now, record } = await createDelivery(t, makeStore)
    await store.open(id, delivery, now)
    await store.complete(id, { kind: 'dropped' }, now)
    t.equal((await record()).state, 'dropped')
  })

  t.test('an unknown delivery is not completed', async (t) => {
    const { store, now, milestones } = await createDelivery(t, makeStore)
    const id = createId()
    await store.complete(id, { kind: 'dropped' }, now)
    await store.complete(id, { kind: 'sent', provider: 'twilio', messageId: id }, now)
    t.equal(await store.find(id), undefined)
    t.strictSame(milestones, [])
  })

  t.test('a delivery is stored for a day', async (t) => {
    const { store, id, delivery, now } = await createDelivery(t, makeStore)
    await store.claim(id, delivery, now)
    await store.complete(id, { kind: 'dropped' }, now)
    t.match(await store.claim(id, delivery, now + day - 1), { kind: 'done' })
    t.match(await store.claim(id, delivery, now + day), { kind: 'go', record: { attempts: 1, queuedAt: now + day } })
  })
}
