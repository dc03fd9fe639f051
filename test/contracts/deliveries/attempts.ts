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
  t.test('a delivery is opened once, and stays as it is', async (t) => {
    const { store, id, delivery, now, record, milestones } = await createDelivery(t, makeStore)
    t.equal(await store.find(id), undefined)
    t.equal(await store.open(id, delivery, now), 'queued')
    t.strictSame(await record(), newRecord(now))
    await store.claim(id, delivery, now)
    t.equal(await store.open(id, { challengeId: 'other' }, now + second), 'sending')
    t.match(await record(), { challengeId: 'challenge', queuedAt: now, attempts: 1 })
    t.strictSame(milestones, ['queued'])
  })

  t.test('a notice has no challenge and perhaps no country', async (t) => {
    const { store, id, now, record } = await createDelivery(t, makeStore)
    await store.open(id, {}, now)
    t.strictSame(await record(), { ...newRecord(now), challengeId: undefined, send: 1, country: undefined })
  })

  t.test('a claim opens what was never opened, and counts its attempt', async (t) => {
    const { store, id, delivery, now, milestones } = await createDelivery(t, makeStore)
    t.strictSame(await store.claim(id, delivery, now), { kind: 'go', record: { ...newRecord(now), state: 'sending', claimant: 'service', claimedAt: now, attempts: 1 } })
    t.strictSame(milestones, ['queued'])
  })

  for (const [state, result] of ends) {
    t.test(`one that is ${state} is never claimed again, and stays`, async (t) => {
      const { store, id, delivery, now, record, milestones } = await createDelivery(t, makeStore)
      await store.claim(id, delivery, now)
      await store.complete(id, result, now + second)
      const settled = await record()
      t.equal(settled.state, state)
      t.equal(state === 'sent' ? settled.sentAt : settled.endedAt, now + second)
      t.strictSame(await store.claim(id, delivery, now + 2 * second), { kind: 'done', state })
      for (const other of [{ kind: 'retry', ambiguous: true }, { kind: 'postponed' }, { kind: 'dropped' }, { kind: 'failed', reason: 'not_sent' }] as const) {
        await store.complete(id, other, now + 2 * second)
      }
      t.strictSame(await record(), settled)
      t.strictSame(milestones, ['queued', state])
    })
  }

  t.test('a failure tells its reason and road', async (t) => {
    const { store, id, delivery, now, record } = await createDelivery(t, makeStore)
    await store.claim(id, delivery, now)
    await store.complete(id, { kind: 'failed', reason: 'opted_out', provider: 'twilio' }, now)
    t.match(await record(), { state: 'failed', reason: 'opted_out', provider: 'twilio', messageId: undefined })
  })

  t.test('three attempts in all, then it failed', async (t) => {
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

  t.test('one that a kill cut off was perhaps sent, and may be claimed again', async (t) => {
    const { store, id, delivery, now, record } = await createDelivery(t, makeStore)
    const claimBy = async (claimant: string, calls: number) => await store.claim(id, { ...delivery, claimant }, now + calls * callLifeMs)
    await claimBy('first', 0)
    for (let cuts = 1; cuts <= 5; cuts++) {
      t.match(await claimBy(`after ${cuts}`, cuts), { kind: 'go', record: { attempts: 1, ambiguous: cuts, claimant: `after ${cuts}` } })
    }
    t.match(await claimBy('sixth', 6), { kind: 'go', record: { attempts: 2, ambiguous: 6 } }, 'perhaps it kills whoever sends it')
    t.match(await claimBy('seventh', 7), { kind: 'go', record: { attempts: 3, ambiguous: 7 } })
    t.strictSame(await claimBy('eighth', 8), { kind: 'done', state: 'failed' })
    t.match(await record(), { state: 'failed', reason: 'not_sent', attempts: 3, ambiguous: 8 })
  })

  t.test('while the call of another process may last it is held, whatever that process\'s clock says', async (t) => {
    const { store, id, delivery, now, record } = await createDelivery(t, makeStore)
    await store.claim(id, delivery, now)
    const claimAt = async (moment: number) => await store.claim(id, { ...delivery, claimant: 'other' }, moment)
    t.strictSame(await claimAt(now + callLifeMs - 1), { kind: 'held', afterMs: 1 })
    t.strictSame(await claimAt(now - second), { kind: 'held', afterMs: callLifeMs + second })
    t.match(await record(), { state: 'sending', claimant: 'service', claimedAt: now, attempts: 1, ambiguous: 0 })
    t.match(await claimAt(now - callLifeMs), { kind: 'go' }, 'such a clock is wrong')
  })

  t.test('a claim whose answer was lost is made again, and is one attempt', async (t) => {
    const { store, id, delivery, now } = await createDelivery(t, makeStore)
    for (let claims = 0; claims < 5; claims++) {
      t.match(await store.claim(id, delivery, now + claims * second), { kind: 'go', record: { attempts: 1, ambiguous: 0 } })
    }
  })

  t.test('an attempt that asked no carrier does not count, and is given back once', async (t) => {
    const { store, id, delivery, now, record } = await createDelivery(t, makeStore)
    for (let count = 0; count < 5; count++) {
      t.match(await store.claim(id, delivery, now), { kind: 'go', record: { attempts: 1 } })
      await store.complete(id, { kind: 'postponed' }, now)
      await store.complete(id, { kind: 'postponed' }, now)
    }
    t.match(await record(), { state: 'queued', attempts: 0, ambiguous: 0 })
  })

  t.test('one that waits may be dropped', async (t) => {
    const { store, id, delivery, now, record } = await createDelivery(t, makeStore)
    await store.open(id, delivery, now)
    await store.complete(id, { kind: 'dropped' }, now)
    t.equal((await record()).state, 'dropped')
  })

  t.test('what nobody knows is not settled', async (t) => {
    const { store, now, milestones } = await createDelivery(t, makeStore)
    const id = createId()
    await store.complete(id, { kind: 'dropped' }, now)
    await store.complete(id, { kind: 'sent', provider: 'twilio', messageId: id }, now)
    t.equal(await store.find(id), undefined)
    t.strictSame(milestones, [])
  })

  t.test('it is kept for a day', async (t) => {
    const { store, id, delivery, now } = await createDelivery(t, makeStore)
    await store.claim(id, delivery, now)
    await store.complete(id, { kind: 'dropped' }, now)
    t.match(await store.claim(id, delivery, now + day - 1), { kind: 'done' })
    t.match(await store.claim(id, delivery, now + day), { kind: 'go', record: { attempts: 1, queuedAt: now + day } })
  })
}
