import type { FastifyInstance } from 'fastify'
import { sql, type CompiledQuery } from 'kysely'
import t, { type Test } from 'tap'
import { build, createClock, signUp, type Session, type TestClock } from '../../../support/helper.ts'
import { createCluster } from '../../../support/instances.ts'
import { until } from '../../../support/polling.ts'

const start = Date.parse('2030-01-01T00:00:00Z')
const lifetimes = { TOKEN_TTL_SECONDS: '600', TOKEN_MAX_SECONDS: '2000' }

const getStatus = async (app: FastifyInstance, { authorization }: { authorization: string }) =>
  (await app.inject({ url: '/protected', headers: { authorization } })).statusCode

async function readTimes (app: FastifyInstance, { userId }: Pick<Session, 'userId'>) {
  const { rows } = await app.pg.pool.query('select last_used_at, expiry from tokens where user_id = $1', [userId])
  return rows.map(({ last_used_at: lastUsed, expiry }) => ({ usedAfter: (lastUsed - start) / 1000, endsAfter: (expiry - start) / 1000 }))
}

/** Returns a function that lists the statements that wrote token activity since its last call. */
function captureWrites (t: Test, app: FastifyInstance): () => CompiledQuery[] {
  const calls = t.capture(app.db, 'executeQuery', app.db.executeQuery)
  return () => calls().map(({ args: [query] }) => query as CompiledQuery).filter(({ sql }) => sql.includes('update tokens'))
}

function countWrites (t: Test, app: FastifyInstance): () => number {
  const writes = captureWrites(t, app)
  return () => writes().length
}

async function buildSignedIn (t: Test, env = lifetimes): Promise<{ app: FastifyInstance, clock: TestClock, session: Session }> {
  const clock = createClock(start)
  const app = await build(t, { clock, env })
  return { app, clock, session: await signUp(app) }
}

t.test('use extends a session with the same token, up to the maximum lifetime since the login', async (t) => {
  const { app, clock, session } = await buildSignedIn(t)
  for (const second of [500, 1000, 1500]) {
    clock.advance(500_000)
    t.equal(await getStatus(app, session), 200)
    await app.tokens.activity.flush()
    t.same(await readTimes(app, session), [{ usedAfter: second, endsAfter: Math.min(second + 600, 2000) }])
  }
  clock.advance(499_999)
  t.equal(await getStatus(app, session), 200, 'the session is valid until its final expiry')
  await app.tokens.activity.flush()
  clock.advance(1)
  t.equal(await getStatus(app, session), 401)
  t.same(await readTimes(app, session), [{ usedAfter: 1999, endsAfter: 2000 }])
})

t.test('an unused session expires', async (t) => {
  const { app, clock, session } = await buildSignedIn(t)
  clock.advance(600_000)
  t.equal(await getStatus(app, session), 401)
  await app.tokens.activity.flush()
  t.same(await readTimes(app, session), [{ usedAfter: 0, endsAfter: 600 }])
})

t.test('50 concurrent requests extend a session with few statements, and none is refused', async (t) => {
  const { app, clock, session } = await buildSignedIn(t)
  clock.advance(599_000)
  const writes = countWrites(t, app)
  const statuses = await Promise.all(Array.from({ length: 50 }, async () => await getStatus(app, session)))
  t.same(new Set(statuses), new Set([200]))
  await app.tokens.activity.flush()
  const count = writes()
  t.ok(count >= 1 && count <= 5, `${count} statements`)
  t.same(await readTimes(app, session), [{ usedAfter: 599, endsAfter: 1199 }])
  clock.advance(590_000)
  t.equal(await getStatus(app, session), 200)
})

t.test('a use in the last millisecond extends the session before the next request', async (t) => {
  const { app, clock, session } = await buildSignedIn(t)
  clock.advance(599_999)
  t.equal(await getStatus(app, session), 200)
  clock.advance(1)
  t.equal(await getStatus(app, session), 200)
  t.same(await readTimes(app, session), [{ usedAfter: 599, endsAfter: 1199 }])
})

t.test('a use before the expiry extends the session even if it is written after the expiry', async (t) => {
  const { app, clock, session } = await buildSignedIn(t)
  clock.advance(597_000)
  t.equal(await getStatus(app, session), 200)
  clock.advance(3500)
  await app.tokens.activity.flush()
  t.equal(await getStatus(app, session), 200)
})

t.test('a use is recorded when the last one is older than a twentieth of the lifetime or a minute', async (t) => {
  for (const [env, intervalMs] of [[lifetimes, 30_000], [{}, 60_000]] as const) {
    const { app, clock, session } = await buildSignedIn(t, env as typeof lifetimes)
    const writes = countWrites(t, app)
    clock.advance(intervalMs)
    t.equal(await getStatus(app, session), 200)
    await app.tokens.activity.flush()
    t.equal(writes(), 0)
    clock.advance(1000)
    t.equal(await getStatus(app, session), 200)
    await app.tokens.activity.flush()
    t.equal(writes(), 1)
    t.equal(await getStatus(app, session), 200)
    await app.tokens.activity.flush()
    t.equal(writes(), 0)
  }
})

t.test('many uses of many sessions need few statements', async (t) => {
  const { app, clock, session } = await buildSignedIn(t)
  const sessions = [session]
  for (let index = 1; index < 10; index++) sessions.push(await signUp(app))
  clock.advance(100_000)
  const writes = countWrites(t, app)
  await Promise.all(Array.from({ length: 300 }, async (_none, index) => await getStatus(app, sessions[index % 10] ?? session)))
  await app.tokens.activity.flush()
  const count = writes()
  t.ok(count >= 1 && count <= 3, `${count} statements`)
  for (const each of sessions) t.same(await readTimes(app, each), [{ usedAfter: 100, endsAfter: 700 }])
})

/** Returns a session as a lookup would, with an id that the database does not contain. */
const createUnknownSession = (id: number) => ({ id, userId: 1, startedAt: 0, lastUsedAt: 0, expiresAt: start, finalExpiresAt: start })

t.test('the size of a statement and the number of pending uses are bounded', async (t) => {
  const { app } = await buildSignedIn(t)
  const writes = captureWrites(t, app)
  for (let id = 1000; id < 101_500; id++) await app.tokens.activity.record(createUnknownSession(id), start)
  await app.tokens.activity.record(createUnknownSession(1000), start)
  await app.tokens.activity.flush()
  const sizes = writes().map(({ parameters: [ids] }) => (ids as number[]).length)
  t.same(sizes, Array.from({ length: 100 }, () => 1000))
})

t.test('an earlier use that is recorded after a later one does not replace it', async (t) => {
  const { app, session: { token, userId } } = await buildSignedIn(t)
  const session = await app.tokens.findSession(token)
  if (session === undefined) return t.fail('the session was not found')
  for (const second of [101, 100]) await app.tokens.activity.record(session, start + second * 1000)
  await app.tokens.activity.flush()
  t.same(await readTimes(app, { userId }), [{ usedAfter: 101, endsAfter: 701 }])
})

t.test('uses are written about every second without a flush', async (t) => {
  const { app, clock, session } = await buildSignedIn(t)
  clock.advance(100_000)
  const writes = countWrites(t, app)
  t.equal(await getStatus(app, session), 200)
  await until('the use is written', async () => (await readTimes(app, session))[0]?.usedAfter === 100)
  t.equal(writes(), 1)
})

t.test('pending uses are written at close', async (t) => {
  const { start: startInstance } = await createCluster(t)
  const clock = createClock(start)
  const [first, second] = [await startInstance(lifetimes, clock), await startInstance(lifetimes, clock)]
  const session = await signUp(first)
  clock.advance(100_000)
  t.equal(await getStatus(first, session), 200)
  await first.close()
  t.same(await readTimes(second, session), [{ usedAfter: 100, endsAfter: 700 }])
})

t.test('the later use of a session counts, in whatever order two instances write their uses', async (t) => {
  const { start: startInstance } = await createCluster(t)
  const clock = createClock(start)
  const [first, second] = [await startInstance(lifetimes, clock), await startInstance(lifetimes, clock)]
  const session = await signUp(first)
  clock.advance(100_000)
  t.equal(await getStatus(first, session), 200)
  clock.advance(1000)
  t.equal(await getStatus(second, session), 200)
  await second.tokens.activity.flush()
  await first.tokens.activity.flush()
  t.same(await readTimes(first, session), [{ usedAfter: 101, endsAfter: 701 }])
})

t.test('a pending use does not restore a session that another instance ended', async (t) => {
  const { start: startInstance } = await createCluster(t)
  const clock = createClock(start)
  const [first, second] = [await startInstance(lifetimes, clock), await startInstance(lifetimes, clock)]
  const session = await signUp(first)
  clock.advance(100_000)
  t.equal(await getStatus(first, session), 200)
  t.equal(await second.sessions.endAll(session.userId), 1)
  await first.tokens.activity.flush()
  t.same(await readTimes(first, session), [])
  t.equal(await getStatus(first, session), 401)
})

t.test('a failed write is logged once, fails no request and is repeated', async (t) => {
  const { app, clock, session } = await buildSignedIn(t)
  const errors = t.capture(app.log, 'error')
  await sql`create function refuse () returns trigger language plpgsql as $$ begin raise 'not now'; end $$`.execute(app.db)
  await sql`create trigger refuse before update on tokens execute function refuse()`.execute(app.db)
  clock.advance(599_000)
  t.equal(await getStatus(app, session), 200)
  await app.tokens.activity.flush()
  await app.tokens.activity.flush()
  t.match(errors().map(({ args }) => args), [[{ err: { message: 'not now' }, waiting: 1 }, /tried again/]])
  await sql`drop trigger refuse on tokens`.execute(app.db)
  await until('the write is repeated', async () => (await readTimes(app, session))[0]?.endsAfter === 1199)
})
