import { hash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import pg from 'pg'
import t, { type Test } from 'tap'
import { guardPool } from '../../../plugins/platform/postgres/guard.ts'
import { typeParsers } from '../../../plugins/platform/postgres/types.ts'
import { createTokenLoader } from '../../../plugins/auth/tokens/token-loader.ts'
import { createToken } from '../../../src/domain/auth/token.ts'
import { build, createClock, postJson, readCode, signUp, type Session } from '../../support/helper.ts'
import { createCluster } from '../../support/instances.ts'
import { promptMs, until } from '../../support/polling.ts'

const getStatus = async (app: FastifyInstance, { authorization }: { authorization: string }) =>
  (await app.inject({ url: '/protected', headers: { authorization } })).statusCode

/** Returns a function that lists the connections of the token queries since its last call. */
function watchQueries (t: Test): () => unknown[] {
  const calls = t.capture(pg.Client.prototype, 'query', pg.Client.prototype.query)
  return () => calls().filter(({ args: [query] }) => JSON.stringify(query).includes('where hash = requested.hash'))
    .map(({ receiver }) => receiver)
}

function countQueries (t: Test): () => number {
  const queries = watchQueries(t)
  return () => queries().length
}

t.test('lookups of one event loop turn share one query, and each gets its own session', async (t) => {
  const app = await build(t)
  const sessions: Session[] = []
  for (let index = 0; index < 3; index++) sessions.push(await signUp(app))
  const queries = countQueries(t)
  const wanted = Array.from({ length: 100 }, (_none, index) => sessions[index % 4])
  const found = await Promise.all(wanted.map(async (session) => await app.tokens.findSession(session?.token ?? 'A'.repeat(26))))
  t.equal(queries(), 1)
  t.same(found.map((each) => each?.userId), wanted.map((session) => session?.userId))
})

t.test('50 concurrent requests need fewer than 10 token queries', async (t) => {
  const app = await build(t)
  const session = await signUp(app)
  const queries = countQueries(t)
  const statuses = await Promise.all(Array.from({ length: 50 }, async () => await getStatus(app, session)))
  t.same(new Set(statuses), new Set([200]))
  const count = queries()
  t.ok(count < 10, `${count} queries`)
})

t.test('a batch has a maximum size, and lookups of later turns query again', async (t) => {
  const app = await build(t)
  const { token } = await signUp(app)
  const queries = countQueries(t)
  await Promise.all(Array.from({ length: 1001 }, async () => await app.tokens.findSession(token)))
  t.equal(queries(), 3)
  await app.tokens.findSession(token)
  await app.tokens.findSession(token)
  t.equal(queries(), 2, 'no result is cached')
})

t.test('connections are reused while there are lookups, and then return to the pool, even after a failure', async (t) => {
  const app = await build(t)
  const { token } = await signUp(app)
  const { pool } = app.pg
  const queries = countQueries(t)
  const connects = t.capture(pool, 'connect', pool.connect)
  const end = performance.now() + 300
  const find = async () => await app.tokens.findSession(token)
  const untilReturned = async () => { await until('all connections are back in the pool', () => pool.idleCount === pool.totalCount) }
  await Promise.all(Array.from({ length: 40 }, async () => { while (performance.now() < end) await find() }))
  const [queryCount, connectCount] = [queries(), connects().length]
  t.ok(queryCount > 3 * connectCount, `${connectCount} connections for ${queryCount} queries`)
  await untilReturned()
  await app.pg.pool.query('alter table tokens rename to gone')
  await Promise.allSettled(Array.from({ length: 2000 }, find))
  await untilReturned()
  await app.pg.pool.query('alter table gone rename to tokens')
  t.ok(await find())
  await untilReturned()
})

t.test('a retained connection is released when another lookup waits for one', async (t) => {
  const app = await build(t)
  const { token } = await signUp(app)
  const others = await Promise.all(Array.from({ length: 15 }, async () => await app.pg.pool.connect()))
  t.teardown(() => { for (const other of others) other.release() })
  await others[0]?.query('begin; lock table tokens in access exclusive mode')
  const first = app.tokens.findSession(token)
  await until('the lookup waits for the lock', async () => (await others[1]?.query(
    'select from pg_locks where not granted'
  ))?.rowCount === 1)
  const second = app.tokens.findSession(token)
  await until('the second lookup waits for a connection', () => app.dbConnections.waitingCount === 1)
  await others[0]?.query('rollback')
  const started = performance.now()
  t.ok(await first)
  t.ok(await second)
  t.ok(performance.now() - started < promptMs)
})

t.test('a connection that was retained before an outage is not reused', async (t) => {
  const app = await build(t)
  const { config: { database: { url: connectionString } }, clock, tokens: { activity } } = app
  const { token } = await signUp(app)
  const pool = new pg.Pool({ connectionString, types: typeParsers })
  t.teardown(async () => { await pool.end() })
  const outage = { reason: undefined, count: 0, replies: 0, onDown: () => () => {} }
  const find = createTokenLoader({ connections: guardPool(pool, outage, { isPrepared: true }), clock, activity })
  const queries = watchQueries(t)
  t.ok(await find(token))
  t.ok(await find(token))
  const [first, second] = queries()
  t.equal(first, second)
  t.ok(await find(token))
  outage.count += 1
  t.ok(await find(token))
  const [third, fourth] = queries()
  t.equal(third, first)
  t.not(fourth, first)
})

t.test('a failed query rejects every lookup of its batch, and the next lookup queries again', async (t) => {
  const app = await build(t)
  const session = await signUp(app)
  await app.pg.pool.query('alter table tokens rename to gone')
  const results = await Promise.allSettled(Array.from({ length: 5 }, async () => await app.tokens.findSession(session.token)))
  t.ok(results.every(({ status }) => status === 'rejected'))
  t.equal(await getStatus(app, session), 500)
  await app.pg.pool.query('alter table gone rename to tokens')
  t.equal(await getStatus(app, session), 200)
})

t.test('a token is valid until its expiry', async (t) => {
  const clock = createClock(Date.parse('2030-01-01T00:00:00Z'))
  const app = await build(t, { clock, env: { TOKEN_TTL_SECONDS: '60', TOKEN_MAX_SECONDS: '60' } })
  const session = await signUp(app)
  clock.advance(59_999)
  t.equal(await getStatus(app, session), 200)
  clock.advance(1)
  t.equal(await getStatus(app, session), 401)
})

t.test('every instance refuses a revoked token on the next request', async (t) => {
  const { start } = await createCluster(t)
  const [first, second] = [await start(), await start()]
  const session = await signUp(first)
  t.same([await getStatus(first, session), await getStatus(second, session)], [200, 200])
  t.equal(await first.tokens.deleteAllForUser(session.userId), 1)
  t.same([await getStatus(first, session), await getStatus(second, session)], [401, 401])
})

t.test('deleteAllForUser deletes the tokens of one user and one scope', async (t) => {
  const app = await build(t)
  const [asha, ravi] = [await signUp(app), await signUp(app)]
  await postJson(app, '/login', { phone_number: asha.phone })
  t.equal((await postJson(app, '/verify', { phone_number: asha.phone, otp: await readCode(app, asha.phone, 2) })).status, 200)
  const { plaintext, hash: other } = createToken()
  const expiry = new Date(Date.now() + 60_000)
  const sql = 'insert into tokens (hash, user_id, expiry, scope) values ($1, $2, $3, $4)'
  await app.pg.pool.query(sql, [other, asha.userId, expiry, 'password-reset'])
  t.equal(await getStatus(app, { authorization: `Bearer ${plaintext}` }), 401, 'a token of another scope is refused')
  t.equal(await app.tokens.deleteAllForUser(asha.userId), 2)
  t.same([await getStatus(app, asha), await getStatus(app, ravi)], [401, 200])
  t.equal(await app.tokens.deleteAllForUser(asha.userId), 0)
  t.equal(await app.tokens.deleteAllForUser(asha.userId, 'password-reset'), 1)
})

t.test('a lookup shortly before the expiry of a session waits for its extension, and others of the batch do not', async (t) => {
  const clock = createClock(Date.parse('2030-01-01T00:00:00Z'))
  const app = await build(t, { clock, env: { TOKEN_TTL_SECONDS: '60' } })
  const ending = await signUp(app)
  clock.advance(59_000)
  const fresh = await signUp(app)
  const order: string[] = []
  const find = async (name: string, { token }: Session) => {
    t.ok(await app.tokens.findSession(token), name)
    order.push(name)
  }
  await Promise.all([find('ending', ending), find('fresh', fresh)])
  t.same(order, ['fresh', 'ending'])
  clock.advance(59_999)
  t.ok(await app.tokens.findSession(ending.token))
})

t.test('only the SHA-256 of a token is stored', async (t) => {
  const app = await build(t)
  const { token, userId } = await signUp(app)
  const { rows: [row] } = await app.pg.pool.query('select * from tokens')
  t.ok(row.hash.equals(hash('sha256', token, 'buffer')))
  t.match(row, { user_id: userId, scope: 'authentication' })
  t.notOk(JSON.stringify(row).includes(token))
})
