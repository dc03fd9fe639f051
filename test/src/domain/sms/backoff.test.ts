import t from 'tap'
import { maximumAttempts, nextAttempt, type FailedAttempt } from '../../../../src/domain/sms/backoff.ts'

const first: FailedAttempt = { attempts: 1, ambiguous: 0, failure: 'busy' }
const largest = () => 0.999_999
const giveUp = { kind: 'give_up' }

interface Row { what: string, attempt: Partial<FailedAttempt>, random?: number, expected: object }

const rows: Row[] = [
  { what: 'busy is retried within two seconds', attempt: {}, random: 0.5, expected: { kind: 'retry', afterMs: 1000 } },
  { what: 'the shortest jitter is 0', attempt: {}, random: 0, expected: { kind: 'retry', afterMs: 0 } },
  {
    what: 'the second retry follows within six seconds', attempt: { attempts: 2 }, random: 0.5, expected: { kind: 'retry', afterMs: 3000 }
  },
  { what: 'there is no third retry', attempt: { attempts: 3 }, expected: giveUp },
  { what: 'there is no retry after more attempts', attempt: { attempts: 4 }, expected: giveUp },
  {
    what: 'unreachable is retried like busy',
    attempt: { failure: 'unreachable', attempts: 2 },
    random: 0.25,
    expected: { kind: 'retry', afterMs: 1500 }
  },
  { what: 'after three unreachable attempts the SMS is given up', attempt: { failure: 'unreachable', attempts: 3 }, expected: giveUp },
  { what: 'a retry is not before Retry-After', attempt: { retryAfterMs: 30_000 }, random: 0, expected: { kind: 'retry', afterMs: 30_000 } },
  { what: 'jitter is added to Retry-After', attempt: { retryAfterMs: 30_000 }, random: 0.5, expected: { kind: 'retry', afterMs: 31_000 } },
  { what: 'Retry-After does not add attempts', attempt: { attempts: 3, retryAfterMs: 1000 }, expected: giveUp },
  {
    what: 'there is no retry after the code has expired',
    attempt: { retryAfterMs: 300_000, remainingMs: 300_000 },
    random: 0,
    expected: giveUp
  },
  {
    what: 'there is a retry just before the code expires',
    attempt: { retryAfterMs: 299_999, remainingMs: 300_000 },
    random: 0,
    expected: { kind: 'retry', afterMs: 299_999 }
  },
  {
    what: 'a first ambiguous outcome is retried after the long pause, since a receipt may arrive first',
    attempt: { failure: 'ambiguous' },
    random: 0.5,
    expected: { kind: 'retry', afterMs: 3000 }
  },
  {
    what: 'an ambiguous outcome of a later attempt is retried',
    attempt: { failure: 'ambiguous', attempts: 2 },
    random: 0.5,
    expected: { kind: 'retry', afterMs: 3000 }
  },
  { what: 'a second ambiguous outcome is not retried', attempt: { failure: 'ambiguous', attempts: 2, ambiguous: 1 }, expected: giveUp },
  { what: 'an ambiguous third attempt is not retried', attempt: { failure: 'ambiguous', attempts: 3 }, expected: giveUp },
  {
    what: 'a certain failure after an ambiguous outcome is retried',
    attempt: { attempts: 2, ambiguous: 1 },
    random: 0,
    expected: { kind: 'retry', afterMs: 0 }
  },
  { what: 'a failure of the recipient is not retried', attempt: { failure: 'recipient' }, expected: giveUp },
  { what: 'a refusal is not retried', attempt: { failure: 'refused' }, expected: giveUp },
  { what: 'wrong credentials are not retried', attempt: { failure: 'sender', retryAfterMs: 1000 }, expected: giveUp },
  {
    what: 'the SMS waits for a closed provider',
    attempt: { failure: 'closed', retryAfterMs: 4321 },
    expected: { kind: 'wait', afterMs: 4321 }
  },
  { what: 'without a time the wait is as long as an outage', attempt: { failure: 'closed' }, expected: { kind: 'wait', afterMs: 5000 } },
  {
    what: 'a closed provider is waited for after any number of attempts',
    attempt: { failure: 'closed', attempts: 9, ambiguous: 2, retryAfterMs: 1 },
    expected: { kind: 'wait', afterMs: 1 }
  }
]

for (const { what, attempt, random = 0.999_999, expected } of rows) {
  t.test(what, async (t) => {
    t.same(nextAttempt({ ...first, ...attempt }, () => random), expected)
  })
}

t.test('pauses grow, and end before a user requests another SMS', async (t) => {
  t.equal(maximumAttempts, 3)
  t.same([1, 2].map((attempts) => nextAttempt({ ...first, attempts }, largest)), [
    { kind: 'retry', afterMs: 1999 }, { kind: 'retry', afterMs: 5999 }
  ])
})

t.test('pauses are random by default', async (t) => {
  const pauses = new Set(Array.from({ length: 100 }, () => JSON.stringify(nextAttempt({ ...first, attempts: 2 }))))
  t.ok(pauses.size > 50, `${pauses.size} of 100 pauses are different`)
})
