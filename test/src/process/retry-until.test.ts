import t from 'tap'
import { retryUntil, StartError } from '../../../src/process/retry-until.ts'
import { compose } from '../../support/compose.ts'

/** Creates an attempt that throws each of these errors once and then succeeds. */
function createAttempt (...errors: unknown[]) {
  const attempt = async () => {
    attempt.count += 1
    if (attempt.count <= errors.length) throw errors[attempt.count - 1]
  }
  attempt.count = 0
  return attempt
}

t.test('a dependency that replies is tried once, and nothing is logged', async (t) => {
  const { app, log } = await compose(t, [])
  const attempt = createAttempt()
  await retryUntil({ dependency: 'Redis', seconds: 5, log: app.log }, attempt)
  t.equal(attempt.count, 1)
  t.strictSame(log, [])
})

t.test('the start waits for a dependency that comes up later, and logs only the first failure', async (t) => {
  const { app, log } = await compose(t, [])
  const attempt = createAttempt(new Error('connection refused'), new Error('starting up'))
  await retryUntil({ dependency: 'PostgreSQL', seconds: 5, log: app.log }, attempt)
  t.equal(attempt.count, 3)
  t.match(log, [{ level: 40, msg: 'PostgreSQL cannot be reached (connection refused); trying for 5 s' }])
  t.equal(log.length, 1)
})

t.test('a dependency that never replies fails the start, with the last failure as cause', async (t) => {
  const { app } = await compose(t, [])
  const last = new Error('still starting up')
  const started = performance.now()
  const attempt = createAttempt(new Error('connection refused'), last)
  const error = await retryUntil({ dependency: 'PostgreSQL', seconds: 0.4, log: app.log }, attempt).catch((error: unknown) => error)
  t.ok(error instanceof StartError)
  t.match(error, { name: 'StartError', message: 'PostgreSQL could not be reached within 0.4 s: still starting up', cause: last })
  t.ok(performance.now() - started >= 399)
})

t.test('the message contains the reason, whatever was thrown', async (t) => {
  const { app } = await compose(t, [])
  const refusals = [new Error('connect ECONNREFUSED ::1:5432'), new Error('connect ECONNREFUSED 127.0.0.1:5432')]
  const reasons: Array<[unknown, string]> = [
    [new AggregateError(refusals), 'Error: connect ECONNREFUSED ::1:5432; Error: connect ECONNREFUSED 127.0.0.1:5432'],
    ['a text', 'a text'],
    [undefined, 'undefined']
  ]
  for (const [error, reason] of reasons) {
    const message = `Redis could not be reached within 0 s: ${reason}`
    await t.rejects(retryUntil({ dependency: 'Redis', seconds: 0, log: app.log }, createAttempt(error)), { message })
  }
})
