import assert from 'node:assert/strict'
import type { OtpStore } from '../../../../../plugins/auth/otp-store/contract.ts'
import { createMemoryOtpStore } from '../../../../../plugins/auth/otp-store/memory.ts'
import type { IssueOutcome, IssueRules, VerifyOutcome } from '../../../../../src/domain/auth/challenge.ts'
import { candidateAt, createNumber, rightAnswer } from '../../../../contracts/otp-store/number.ts'
import { createNumberModel, type Requester } from './number.ts'

const tenMinutes = 600_000

/** The outcomes that occurred, so that a test can check that it reached all of them. */
export type SeenOutcomes = Set<string>

/** Runs one number in both stores and in the model, and checks that each step has the same outcome in all three. */
export function createRun (rules: IssueRules, makeRedisStore: () => OtpStore, seen: SeenOutcomes) {
  const memory = createMemoryOtpStore()
  let redis = makeRedisStore()
  const { key: { tag } } = createNumber(memory)
  const model = createNumberModel(rules)
  const { history } = model
  const firstSentAt = new Map<string, number>()
  const succeeded = new Set<string>()
  let moments: number[] = []
  let now = Date.now()

  async function onBoth<T> (step: (store: OtpStore) => Promise<T>): Promise<T> {
    const [fromMemory, fromRedis] = [await step(memory), await step(redis)]
    assert.deepEqual(fromRedis, fromMemory, 'both stores have the same outcome')
    return fromMemory
  }

  function record (outcome: IssueOutcome | VerifyOutcome): void {
    seen.add('usesDeviceAllowance' in outcome && outcome.usesDeviceAllowance ? 'sent from the allowance' : outcome.kind)
    if (history.isClosed(now)) seen.add('closed')
    moments = Object.entries(outcome).filter(([name]) => ['retryAt', 'expiresAt', 'nextSendAt'].includes(name))
      .map(([, moment]) => Number(moment))
  }

  /** Checks that a code lives as long as the model says, and at most ten minutes after its first SMS. */
  async function checkLifetime ({ purpose }: Requester): Promise<void> {
    const code = model.live(purpose, now)
    const newest = [...firstSentAt].filter(([id]) => id.startsWith(`${tag}.${purpose}.`)).at(-1)
    if (newest === undefined) return
    const [id, firstAt] = newest
    const found = await onBoth(async (store) => {
      const challenge = await store.find(id, now)
      return challenge && { id: challenge.id, secretId: challenge.secretId, sealed: challenge.sealed, expiresAt: challenge.expiresAt }
    })
    assert.deepEqual(found, code && {
      id, secretId: 'secret', sealed: `sealed ${id}`, expiresAt: code.expiresAt
    }, 'a code lives until its expiry')
    assert.ok(found === undefined || (now < firstAt + tenMinutes && !succeeded.has(id)), 'a code is gone after ten minutes or its use')
  }

  return {
    get now () { return now },
    /** The times in the last outcome. */
    get moments () { return moments },
    get isClosed () { return history.isClosed(now) },
    wait (length: number) { now += length },
    waitUntil (moment: number) { now = Math.max(now, moment) },
    restart () { redis = makeRedisStore() },

    async send (requester: Requester, name: string): Promise<IssueOutcome> {
      const candidate = candidateAt({ tag, purpose: requester.purpose }, name)
      const outcome = await onBoth(async (store) => await store.issue({ tag, ...requester }, { candidate, rules, now }))
      assert.deepEqual(outcome, model.send(requester, name, candidate.id, now))
      if (outcome.kind === 'sent' && !firstSentAt.has(outcome.challengeId)) firstSentAt.set(outcome.challengeId, now)
      record(outcome)
      await checkLifetime(requester)
      return outcome
    },

    async answer (requester: Requester, id: string, canRegister = true): Promise<VerifyOutcome> {
      const code = model.live(requester.purpose, now)
      const outcome = await onBoth(async (store) => await store.verify({ tag, ...requester }, rightAnswer(id, canRegister), now))
      const { kind, ...rest } = outcome
      assert.deepEqual(kind === 'locked' ? { kind, ...rest } : { kind }, model.answer(requester, id, canRegister, now))
      if (outcome.kind === 'right') {
        assert.deepEqual([outcome.challengeId, id], [code?.id, code?.id], 'only the live code of the purpose is right')
        assert.equal(outcome.isNameDisputed, (code?.names.size ?? 0) > 1, 'the name is disputed if different names were given')
        assert.ok(!succeeded.has(id), 'a code is right only once')
        succeeded.add(id)
      }
      assert.ok(history.failures(now) <= 100, 'there are at most 100 failures in a row')
      record(outcome)
      await checkLifetime(requester)
      return outcome
    },

    /** Returns the ids of the codes that were sent for a purpose, oldest first. */
    sentCodes: ({ purpose }: Requester) => [...firstSentAt.keys()].filter((id) => id.startsWith(`${tag}.${purpose}.`)),

    async revoke (requester: Requester): Promise<void> {
      await onBoth(async (store) => { await store.revoke({ tag, purpose: requester.purpose }, { endsCooldown: true }) })
      model.revoke(requester.purpose, now)
      await checkLifetime(requester)
    },

    async unlock (): Promise<void> {
      await onBoth(async (store) => { await store.unlock(tag) })
      model.unlock(now)
    }
  }
}

export type Run = ReturnType<typeof createRun>
