import t from 'tap'
import { maximumAttempts, nextAttempt, type FailedAttempt } from '../../../../src/domain/sms/backoff.ts'

const first: FailedAttempt = { attempts: 1, ambiguous: 0, failure: 'busy' }
const largest = () => 0.999_999
const giveUp = { kind: 'give_up' }

interface Row { what: string, attempt: Partial<FailedAttempt>, random?: number, expected: object }

const rows: Row[] = [
  { what: 'busy is retried within two seconds', attempt: {}, random: 0.5, expected: { kind: 'retry', afterMs: 1000 } },
  { what: 'at once, by the luck of the draw', attempt: {}, random: 0, expected: { kind: 'retry', afterMs: 0 } },
  { what: 'then within six', attempt: { attempts: 2 }, random: 0.5, expected: { kind: 'retry', afterMs: 3000 } },
  { what: 'and no third time', attempt: { attempts: 3 }, expected: giveUp },
  { what: 'nor ever after', attempt: { attempts: 4 }, expected: giveUp },
  { what: 'unreachable is as busy', attempt: { failure: 'unreachable', attempts: 2 }, random: 0.25, expected: { kind: 'retry', afterMs: 1500 } },
  { what: 'unreachable three times is given up', attempt: { failure: 'unreachable', attempts: 3 }, expected: giveUp },
  { what: 'not before Retry-After', attempt: { retryAfterMs: 30_000 }, random: 0, expected: { kind: 'retry', afterMs: 30_000 } },
  { what: 'and not all at once then', attempt: { retryAfterMs: 30_000 }, random: 0.5, expected: { kind: 'retry', afterMs: 31_000 } },
  { what: 'Retry-After gives no more attempts', attempt: { attempts: 3, retryAfterMs: 1000 }, expected: giveUp },
  { what: 'after its code is over it would be dropped', attempt: { retryAfterMs: 300_000, remainingMs: 300_000 }, random: 0, expected: giveUp },
  { what: 'just before that it is sent', attempt: { retryAfterMs: 299_999, remainingMs: 300_000 }, random: 0, expected: { kind: 'retry', afterMs: 299_999 } },
  { what: 'a first ambiguous outcome is retried, later: a receipt may come first', attempt: { failure: 'ambiguous' }, random: 0.5, expected: { kind: 'retry', afterMs: 3000 } },
  { what: 'so is a later one', attempt: { failure: 'ambiguous', attempts: 2 }, random: 0.5, expected: { kind: 'retry', afterMs: 3000 } },
  { what: 'a second ambiguous outcome is not', attempt: { failure: 'ambiguous', attempts: 2, ambiguous: 1 }, expected: giveUp },
  { what: 'a third attempt that is ambiguous is not', attempt: { failure: 'ambiguous', attempts: 3 }, expected: giveUp },
  { what: 'what is surely not sent is retried after an ambiguous outcome', attempt: { attempts: 2, ambiguous: 1 }, random: 0, expected: { kind: 'retry', afterMs: 0 } },
  { what: 'a recipient that cannot be texted is given up', attempt: { failure: 'recipient' }, expected: giveUp },
  { what: 'a refusal is given up', attempt: { failure: 'refused' }, expected: giveUp },
  { what: 'wrong credentials are given up', attempt: { failure: 'sender', retryAfterMs: 1000 }, expected: giveUp },
  { what: 'a closed road is waited for', attempt: { failure: 'closed', retryAfterMs: 4321 }, expected: { kind: 'wait', afterMs: 4321 } },
  { what: 'as long as a circuit is open, where it does not say', attempt: { failure: 'closed' }, expected: { kind: 'wait', afterMs: 5000 } },
  { what: 'however many attempts there were', attempt: { failure: 'closed', attempts: 9, ambiguous: 2, retryAfterMs: 1 }, expected: { kind: 'wait', afterMs: 1 } }
]

for (const { what, attempt, random = 0.999_999, expected } of rows) {
  t.test(what, async (t) => {
    t.same(nextAttempt({ ...first, ...attempt }, () => random), expected)
  })
}

t.test('pauses grow, and are over before another SMS is asked for', async (t) => {
  t.equal(maximumAttempts, 3)
  t.same([1, 2].map((attempts) => nextAttempt({ ...first, attempts }, largest)), [{ kind: 'retry', afterMs: 1999 }, { kind: 'retry', afterMs: 5999 }])
})

t.test('pauses differ by themselves', async (t) => {
  const pauses = new Set(Array.from({ length: 100 }, () => JSON.stringify(nextAttempt({ ...first, attempts: 2 }))))
  t.ok(pauses.size > 50, `${pauses.size} different ones of 100`)
})
