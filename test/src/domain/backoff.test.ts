import t from 'tap'
import { classifyStatus, maximumAttempts, pauseAfter, retryPauseMs } from '../../../src/domain/backoff.ts'

t.test('a refusal of the carrier is final; throttling, trouble and silence may pass', async (t) => {
  for (const status of [400, 401, 403, 404, 405, 409, 422, 499]) t.equal(classifyStatus(status), 'permanent', String(status))
  for (const status of [undefined, 0, 302, 399, 408, 429, 500, 502, 503, 504, 599]) t.equal(classifyStatus(status), 'transient', String(status))
})

t.test('an SMS is tried up to three times, two seconds apart', async (t) => {
  t.equal(maximumAttempts, 3)
  t.equal(retryPauseMs, 2000)
  t.strictSame([1, 2, 3, 4].map((attempt) => pauseAfter(attempt, 'transient')), [2000, 2000, undefined, undefined])
})

t.test('a final refusal is not tried again', async (t) => {
  t.strictSame([1, 2, 3].map((attempt) => pauseAfter(attempt, 'permanent')), [undefined, undefined, undefined])
})
