import { mock } from 'node:test'
import { deleteExpiredTokens } from '../../../plugins/maintenance/expired-tokens.ts'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { build, createClock, signUp } from '../../support/helper.ts'
import { createCluster } from '../../support/instances.ts'
import { until } from '../../support/polling.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** Adds tokens that expired a day ago. */
async function addExpired (app: FastifyInstance, userId: number, count: number): Promise<void> {
  await app.pg.pool.query(`insert into tokens (hash, user_id, expiry, scope)
    select sha256(n::text::bytea), $1, $2, 'authentication' from generate_series(1, $3::int) as n`, [
    userId, new Date(app.clock.now() - 24 * hourMs), count
  ])
}

async function countTokens (app: FastifyInstance): Promise<number> {
  return Number((await app.pg.pool.query('select from tokens')).rowCount)
}

/** Captures the next statements; returns how many rows each of them deleted. */
function captureRemovals (t: Test, app: FastifyInstance): () => Promise<number[]> {
  const calls = t.capture(app.db, 'executeQuery', app.db.executeQuery)
  return async () => await Promise.all(calls().map(async (call) =>
    'returned' in call ? Number((await call.returned).numAffectedRows) : Number.NaN))
}

t.test('expired tokens are removed in bounded batches, and valid tokens stay', async (t) => {
  const app = await build(t)
  const { userId } = await signUp(app)
  await addExpired(app, userId, 2500)
  const sizes = captureRemovals(t, app)
  t.equal(await deleteExpiredTokens(app), 2500)
  t.same(await sizes(), [1000, 1000, 500, 0, 0, 0], 'the last three statements are for other tables')
  t.equal(await countTokens(app), 1)
  t.equal(await deleteExpiredTokens(app), 0)
})

t.test('expired device tokens are removed in bounded batches too', async (t) => {
  const app = await build(t)
  const { userId } = await signUp(app)
  await app.pg.pool.query(`insert into device_tokens (hash, user_id, expiry)
    select sha256(n::text::bytea), $1, $2 from generate_series(1, 1001) as n`, [userId, new Date(app.clock.now() - 24 * hourMs)])
  const sizes = captureRemovals(t, app)
  t.equal(await deleteExpiredTokens(app), 1001)
  t.same(await sizes(), [0, 1000, 1, 0, 0])
  t.equal((await app.pg.pool.query('select from device_tokens')).rowCount, 1)
})

t.test('two concurrent instances remove each token once', async (t) => {
  const { start } = await createCluster(t)
  const [first, second] = [await start(), await start()]
  const { userId } = await signUp(first)
  await addExpired(first, userId, 5000)
  const removed = await Promise.all([first, second].map(async (app) => await deleteExpiredTokens(app)))
  // An instance skips the rows that the other one has locked, so only the sum is known.
  t.equal((removed[0] ?? 0) + (removed[1] ?? 0), 5000)
  t.equal(await countTokens(first), 1)
})

t.test('an expired token stays for an hour, because its last use may still be recorded, and a used challenge for ten minutes', async (t) => {
  const clock = createClock()
  const app = await build(t, { clock, env: { TOKEN_TTL_SECONDS: '60' } })
  await signUp(app)
  clock.advance(10 * minuteMs + 1000)
  t.equal(await deleteExpiredTokens(app), 1, 'the used challenge of the sign-up is deleted after ten minutes')
  clock.advance(hourMs - 9 * minuteMs - 3000)
  t.equal(await deleteExpiredTokens(app), 0)
  clock.advance(2001)
  t.equal(await deleteExpiredTokens(app), 1)
})

async function buildWithTimers (t: Test): Promise<FastifyInstance> {
  mock.timers.enable({ apis: ['setInterval'] })
  t.teardown(() => { mock.timers.reset() })
  const app = await build(t)
  const { userId } = await signUp(app)
  await addExpired(app, userId, 10)
  return app
}

t.test('the job runs every minute and is retried after a failure', async (t) => {
  const app = await buildWithTimers(t)
  const warnings = t.capture(app.log, 'warn')
  await app.pg.pool.query('alter table tokens rename to gone')
  mock.timers.tick(minuteMs)
  await until('the job fails', () => warnings.args().length > 0)
  await app.pg.pool.query('alter table gone rename to tokens')
  t.equal(await countTokens(app), 11)
  mock.timers.tick(minuteMs)
  await until('the next run succeeds', async () => await countTokens(app) === 1)
})

t.test('close awaits the current batch and stops the job', async (t) => {
  const { start } = await createCluster(t)
  const other = await start()
  mock.timers.enable({ apis: ['setInterval'] })
  t.teardown(() => { mock.timers.reset() })
  const app = await start()
  const { userId } = await signUp(app)
  const count = 30_000
  await addExpired(app, userId, count)
  const sizes = captureRemovals(t, app)
  mock.timers.tick(minuteMs)
  await app.close()
  const batches = await sizes()
  t.ok(batches.length >= 1 && batches.length < count / 1000, `${batches.length} batches`)
  t.ok(batches.every((size) => size === 1000))
  t.equal(await countTokens(other), count + 1 - batches.length * 1000, 'the current batch was completed')
  mock.timers.tick(minuteMs)
  t.same(await sizes(), [])
})
