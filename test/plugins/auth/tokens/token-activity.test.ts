import type { FastifyInstance } from 'fastify'
import { sql, type CompiledQuery } from 'kysely'
import t, { type Test } from 'tap'
import { build, createClock, signUp, type Session, type TestClock } from '../../../support/helper.ts'
import { createCluster } from '../../../support/instances.ts'
import { until } from '../../../support/polling.ts'

const start = Date.parse('2030-01-01T00:00:00Z')
const life = { TOKEN_TTL_SECONDS: '600', TOKEN_MAX_SECONDS: '2000' }

const ask = async (app: FastifyInstance, { authorization }: { authorization: string }) =>
  (await app.inject({ url: '/protected', headers: { authorization } })).statusCode

async function timesOf (app: FastifyInstance, { userId }: Pick<Session, 'userId'>) {
  const { rows } = await app.pg.pool.query('select last_used_at, expiry from tokens where user_id = $1', [userId])
  return rows.map(({ last_used_at: lastUsed, expiry }) => ({ usedAfter: (lastUsed - start) / 1000, endsAfter: (expiry - start) / 1000 }))
}

/** The statements that wrote uses since it was last asked. */
function captureWrites (t: Test, app: FastifyInstance): () => CompiledQuery[] {
  const calls = t.capture(app.db, 'executeQuery', app.db.executeQuery)
  return () => calls().map(({ args: [query] }) => query as CompiledQuery).filter(({ sql }) => sql.includes('update tokens'))
}

function countWrites (t: Test, app: FastifyInstance): () => number {
  const writes = captureWrites(t, app)
  return () => writes().length
}

async function buildSignedIn (t: Test, env = life): Promise<{ app: FastifyInstance, clock: TestClock, session: Session }> {
  const clock = createClock(start)
  const app = await build(t, { clock, env })
  return { app, clock, session: await signUp(app) }
}

t.test('use keeps a session alive, with the same token, up to its longest life from login', async (t) => {
  const { app, clock, session } = await buildSignedIn(t)
  for (const second of [500, 1000, 1500]) {
    clock.advance(500_000)
    t.equal(await ask(app, session), 200)
    await app.tokens.activity.flush()
    t.same(await timesOf(app, session), [{ usedAfter: second, endsAfter: Math.min(second + 600, 2000) }])
  }
  clock.advance(499_999)
  t.equal(await ask(app, session), 200, 'just before its end for good')
  await app.tokens.activity.flush()
  clock.advance(1)
  t.equal(await ask(app, session), 401)
  t.same(await timesOf(app, session), [{ usedAfter: 1999, endsAfter: 2000 }])
})

t.test('a session that is not used ends', async (t) => {
  const { app, clock, session } = await buildSignedIn(t)
  clock.advance(600_000)
  t.equal(await ask(app, session), 401)
  await app.tokens.activity.flush()
  t.same(await timesOf(app, session), [{ usedAfter: 0, endsAfter: 600 }])
})

t.test('50 parallel uses extend once, by few statements, and nobody is logged out', async (t) => {
  const { app, clock, session } = await buildSignedIn(t)
  clock.advance(599_000)
  const writes = countWrites(t, app)
  const statuses = await Promise.all(Array.from({ length: 50 }, async () => await ask(app, session)))
  t.same(new Set(statuses), new Set([200]))
  await app.tokens.activity.flush()
  const count = writes()
  t.ok(count >= 1 && count <= 5, `${count} statements`)
  t.same(await timesOf(app, session), [{ usedAfter: 599, endsAfter: 1199 }])
  clock.advance(590_000)
  t.equal(await ask(app, session), 200)
})

t.test('a use in the last moment extends, and the next request need not wait for it to be written', async (t) => {
  const { app, clock, session } = await buildSignedIn(t)
  clock.advance(599_999)
  t.equal(await ask(app, session), 200)
  clock.advance(1)
  t.equal(await ask(app, session), 200)
  t.same(await timesOf(app, session), [{ usedAfter: 599, endsAfter: 1199 }])
})

t.test('a use from before the end extends also when it is written after it', async (t) => {
  const { app, clock, session } = await buildSignedIn(t)
  clock.advance(597_000)
  t.equal(await ask(app, session), 200)
  clock.advance(3500)
  await app.tokens.activity.flush()
  t.equal(await ask(app, session), 200)
})

t.test('a use is noted when the last one is older than a twentieth of the life, at most a minute', async (t) => {
  for (const [env, intervalMs] of [[life, 30_000], [{}, 60_000]] as const) {
    const { app, clock, session } = await buildSignedIn(t, env as typeof life)
    const writes = countWrites(t, app)
    clock.advance(intervalMs)
    t.equal(await ask(app, session), 200)
    await app.tokens.activity.flush()
    t.equal(writes(), 0)
    clock.advance(1000)
    t.equal(await ask(app, session), 200)
    await app.tokens.activity.flush()
    t.equal(writes(), 1)
    t.equal(await ask(app, session), 200)
    await app.tokens.activity.flush()
    t.equal(writes(), 0)
  }
})

t.test('many uses of many sessions are few statements', async (t) => {
  const { app, clock, session } = await buildSignedIn(t)
  const sessions = [session]
  for (let index = 1; index < 10; index++) sessions.push(await signUp(app))
  clock.advance(100_000)
  const writes = countWrites(t, app)
  await Promise.all(Array.from({ length: 300 }, async (_none, index) => await ask(app, sessions[index % 10] ?? session)))
  await app.tokens.activity.flush()
  const count = writes()
  t.ok(count >= 1 && count <= 3, `${count} statements`)
  for (const each of sessions) t.same(await timesOf(app, each), [{ usedAfter: 100, endsAfter: 700 }])
})

/** As a look-up would find it; nothing in the database has such an id. */
const strange = (id: number) => ({ id, userId: 1, startedAt: 0, lastUsedAt: 0, expiresAt: start, finalExpiresAt: start })

t.test('a statement is bounded, and so is what is kept', async (t) => {
  const { app } = await buildSignedIn(t)
  const writes = captureWrites(t, app)
  for (let id = 1000; id < 101_500; id++) await app.tokens.activity.record(strange(id), start)
  await app.tokens.activity.record(strange(1000), start)
  await app.tokens.activity.flush()
  const sizes = writes().map(({ parameters: [ids] }) => (ids as number[]).length)
  t.same(sizes, Array.from({ length: 100 }, () => 1000))
})

t.test('a look-up that was overtaken takes no use back', async (t) => {
  const { app, session: { token, userId } } = await buildSignedIn(t)
  const session = await app.tokens.findSession(token)
  if (session === undefined) return t.fail('there is a session')
  for (const second of [101, 100]) await app.tokens.activity.record(session, start + second * 1000)
  await app.tokens.activity.flush()
  t.same(await timesOf(app, { userId }), [{ usedAfter: 101, endsAfter: 701 }])
})

t.test('uses are written about each second without being asked for', async (t) => {
  const { app, clock, session } = await buildSignedIn(t)
  clock.advance(100_000)
  const writes = countWrites(t, app)
  t.equal(await ask(app, session), 200)
  await until('they are written', async () => (await timesOf(app, session))[0]?.usedAfter === 100)
  t.equal(writes(), 1)
})

t.test('what is left is written at close', async (t) => {
  const { start: startOne } = await createCluster(t)
  const clock = createClock(start)
  const [first, second] = [await startOne(life, clock), await startOne(life, clock)]
  const session = await signUp(first)
  clock.advance(100_000)
  t.equal(await ask(first, session), 200)
  await first.close()
  t.same(await timesOf(second, session), [{ usedAfter: 100, endsAfter: 700 }])
})

t.test('two instances extend one session, and the later use counts in whatever order they write', async (t) => {
  const { start: startOne } = await createCluster(t)
  const clock = createClock(start)
  const [first, second] = [await startOne(life, clock), await startOne(life, clock)]
  const session = await signUp(first)
  clock.advance(100_000)
  t.equal(await ask(first, session), 200)
  clock.advance(1000)
  t.equal(await ask(second, session), 200)
  await second.tokens.activity.flush()
  await first.tokens.activity.flush()
  t.same(await timesOf(first, session), [{ usedAfter: 101, endsAfter: 701 }])
})

t.test('a session that another instance ended is not brought back by its last use', async (t) => {
  const { start: startOne } = await createCluster(t)
  const clock = createClock(start)
  const [first, second] = [await startOne(life, clock), await startOne(life, clock)]
  const session = await signUp(first)
  clock.advance(100_000)
  t.equal(await ask(first, session), 200)
  t.equal(await second.sessions.endAll(session.userId), 1)
  await first.tokens.activity.flush()
  t.same(await timesOf(first, session), [])
  t.equal(await ask(first, session), 401)
})

t.test('a write that fails is logged once, disturbs nobody, and is made up for', async (t) => {
  const { app, clock, session } = await buildSignedIn(t)
  const errors = t.capture(app.log, 'error')
  await sql`create function refuse () returns trigger language plpgsql as $$ begin raise 'not now'; end $$`.execute(app.db)
  await sql`create trigger refuse before update on tokens execute function refuse()`.execute(app.db)
  clock.advance(599_000)
  t.equal(await ask(app, session), 200)
  await app.tokens.activity.flush()
  await app.tokens.activity.flush()
  t.match(errors().map(({ args }) => args), [[{ err: { message: 'not now' }, waiting: 1 }, /tried again/]])
  await sql`drop trigger refuse on tokens`.execute(app.db)
  await until('it is tried again', async () => (await timesOf(app, session))[0]?.endsAfter === 1199)
})
