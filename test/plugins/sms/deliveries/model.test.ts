import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import type { DeliveryStore, Observe } from '../../../../plugins/sms/deliveries/contract.ts'
import { createMemoryDeliveryStore } from '../../../../plugins/sms/deliveries/memory.ts'
import { createRedisDeliveryStore } from '../../../../plugins/sms/deliveries/redis.ts'
import type { DeliveryRecord } from '../../../../src/domain/sms/delivery.ts'
import { callLifeMs, ranks } from '../../../../src/domain/sms/delivery-rules.ts'
import { createId, day, second } from '../../../contracts/deliveries/delivery.ts'
import { connect } from '../../../contracts/otp-store/redis-store.ts'

/** Number of random sequences. A failure prints the shortest failing sequence, and the seed and path that repeat it. */
const runs = 150

interface Ids {
  id: string
  messageIds: string[]
  start: number
  /** Record that the last successful claim returned; it may be stale. */
  claimed?: DeliveryRecord
}

type Act = (store: DeliveryStore, ids: Ids, now: number) => Promise<unknown>

interface Step { what: string, act: Act, wait: number }

const delivery = { challengeId: 'challenge', send: 1, country: 'IN' }
const message = fc.constantFrom(0, 0, 1)
const provider = fc.constantFrom('twilio', 'twilio', 'webhook')
const pick = ({ messageIds }: Ids, index: number) => messageIds[index] ?? ''

const result = fc.oneof(
  fc.record({ kind: fc.constant('sent' as const), provider, message }),
  fc.record({ kind: fc.constant('retry' as const), ambiguous: fc.boolean() }),
  fc.constant({ kind: 'postponed' as const }),
  fc.constantFrom({ kind: 'failed' as const, reason: 'blocked' as const, provider: 'twilio' }, {
    kind: 'failed' as const, reason: 'not_sent' as const
  }),
  fc.constant({ kind: 'dropped' as const })
)
const receipt = fc.record({
  provider,
  message,
  status: fc.constantFrom('sent' as const, 'delivered' as const, 'failed' as const),
  isAddressed: fc.boolean(),
  hasReason: fc.boolean()
})

const act: fc.Arbitrary<{ what: string, act: Act }> = fc.oneof(
  fc.constant({ what: 'open', act: (async (store, { id }, now) => await store.open(id, delivery, now)) satisfies Act }),
  fc.tuple(fc.constantFrom('one', 'one', 'other'), fc.boolean()).map(([claimant, knows]) => ({
    what: `claim by ${claimant}${knows ? ' with queuedAt' : ''}`,
    act: (async (store, ids, now) => {
      const claim = await store.claim(ids.id, { ...delivery, claimant, queuedAt: knows ? ids.start : undefined }, now)
      if (claim.kind === 'go') ids.claimed = claim.record
      return claim
    }) satisfies Act
  })),
  fc.tuple(result, fc.boolean()).map(([given, knows]) => ({
    what: `complete ${JSON.stringify(given)}${knows ? ' with the last claimed record' : ''}`,
    act: (async (store, ids, now) => {
      const outcome = given.kind === 'sent'
        ? {
            kind: 'sent' as const, provider: given.provider, messageId: pick(ids, given.message)
          }
        : given
      await store.complete(ids.id, outcome, now, knows ? ids.claimed : undefined)
    }) satisfies Act
  })),
  receipt.map(({ isAddressed, hasReason, message, ...given }) => ({
    what: `receive ${JSON.stringify({ ...given, message, isAddressed, hasReason })}`,
    act: (async (store, ids, now) => await store.receive({
      ...given,
      messageId: pick(ids, message),
      ...(isAddressed ? { deliveryId: ids.id } : {}),
      ...(hasReason ? { reason: 'number_unreachable' as const } : {})
    }, now)) satisfies Act
  }))
)

const step: fc.Arbitrary<Step> = fc.tuple(act, fc.constantFrom(0, 1, second, callLifeMs, day / 2))
  .map(([{ what, act }, wait]) => ({ what, act, wait, toString: () => `${what}, then ${wait} ms` }))

t.test('memory and Redis return the same results and milestones, and a sent delivery never returns to an earlier state', async (t) => {
  const client = await connect(t)
  const reachedStates = new Set<string>()
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 16 }), async (steps) => {
    const reported: [unknown[], unknown[]] = [[], []]
    // The stores differ in the record of a `queued` milestone that a claim causes: before its attempt, or with it.
    const observe = (index: 0 | 1): Observe => (record, milestone) => {
      reported[index].push(milestone === 'queued'
        ? milestone
        : { ...record })
    }
    const memory = createMemoryDeliveryStore(observe(0))
    const redis = createRedisDeliveryStore(client, observe(1))
    let now = Date.now()
    const start = now
    const ids: Ids = { id: createId(), messageIds: [createId(), createId()], start }
    let rank = 0
    for (const { act, wait } of steps) {
      assert.deepEqual(await act(redis, ids, now), await act(memory, ids, now))
      const record = await memory.find(ids.id)
      assert.deepEqual(await redis.find(ids.id), record)
      if (record !== undefined) {
        reachedStates.add(record.state)
        // A record may return from `sending` to `queued`, but not from `sent` or a final state to an earlier one.
        if (rank >= ranks.sent && record.queuedAt === start) assert.ok(ranks[record.state] >= rank, 'the state does not go back')
        rank = record.queuedAt === start ? ranks[record.state] : 0
        assert.ok(record.attempts <= 3)
      }
      now += wait
    }
    assert.deepEqual(reported[1], reported[0])
  }), { numRuns: runs })
  t.strictSame([...reachedStates].sort(), Object.keys(ranks).sort(), 'every state was reached')
})
