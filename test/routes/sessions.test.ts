import type { FastifyInstance, InjectOptions } from 'fastify'
import t from 'tap'
import { extendTokens } from '../../db/tokens.ts'
import { SessionsReply } from '../../src/schemas/sessions.ts'
import { build, createClock, createPhone, postJson, readCode, signUp, type Session } from '../support/helper.ts'
import { createCluster } from '../support/instances.ts'
import { problemsOf } from '../support/formats.ts'

interface SessionItem { id: number, created_at: string, last_used_at: string, expires_at: string, user_agent: string | null, address: string | null, current: boolean }

type Caller = Pick<Session, 'authorization'>

async function list (app: FastifyInstance, { authorization }: Caller): Promise<SessionItem[]> {
  return (await app.inject({ url: '/sessions', headers: { authorization } })).json<{ sessions: SessionItem[] }>().sessions
}

async function call (app: FastifyInstance, { authorization }: Caller, method: 'DELETE' | 'POST', url: string, options: InjectOptions = {}) {
  const response = await app.inject({ method, url, ...options, headers: { authorization, ...options.headers } })
  return { status: response.statusCode, body: response.json<Record<string, unknown>>() }
}

const isAuthenticated = async (app: FastifyInstance, { authorization }: Caller) => (await app.inject({
  url: '/protected', headers: { authorization }
})).statusCode === 200
const findCurrentId = async (app: FastifyInstance, session: Caller) => (await list(app, session)).find(({ current }) => current)?.id

t.test('GET /sessions lists the sessions of the user, last used first, and marks the current one', async (t) => {
  const clock = createClock(Date.parse('2030-01-01T00:00:00.700Z'))
  const app = await build(t, { clock })
  const phone = createPhone()
  const first = await signUp(app, { phone, from: { remoteAddress: '203.0.113.77', headers: { 'user-agent': 'curl/8.5.0' } } })
  clock.advance(3_600_000)
  await signUp(app, { phone, count: 2, from: { remoteAddress: '2001:db8:1:2::3', headers: { 'user-agent': 'Mozilla/5.0' } } })
  await signUp(app)
  clock.advance(3_600_000)
  const response = await app.inject({ url: '/sessions', headers: { authorization: first.authorization } })
  t.match(response, { statusCode: 200, headers: { 'cache-control': 'no-store', vary: 'Authorization' } })
  t.same(problemsOf(SessionsReply, response.json()), [])
  const [one = 0, two = 0] = (await list(app, first)).map(({ id }) => id)
  t.same(response.json(), {
    sessions: [
      {
        id: one,
        created_at: '2030-01-01T00:00:00.000Z',
        last_used_at: '2030-01-01T02:00:00.000Z',
        expires_at: '2030-01-31T02:00:00.000Z',
        user_agent: 'curl/8.5.0',
        address: '203.0.113.x',
        current: true
      },
      {
        id: two,
        created_at: '2030-01-01T01:00:00.000Z',
        last_used_at: '2030-01-01T01:00:00.000Z',
        expires_at: '2030-01-31T01:00:00.000Z',
        user_agent: 'Mozilla/5.0',
        address: '2001:db8:1::x',
        current: false
      }
    ]
  })
})

t.test('token_expires_at and expires_at never exceed the maximum lifetime', async (t) => {
  const clock = createClock(Date.parse('2030-01-01T00:00:00.700Z'))
  const app = await build(t, { clock, env: { TOKEN_TTL_SECONDS: '600', TOKEN_MAX_SECONDS: '600' } })
  const phone = createPhone()
  await postJson(app, '/signup', { name: 'Asha', phone_number: phone })
  const { body } = await postJson(app, '/verify', { phone_number: phone, otp: await readCode(app, phone) })
  t.equal(body['token_expires_at'], '2030-01-01T00:10:00.000Z')
  clock.advance(300_000)
  t.match(await list(app, { authorization: `Bearer ${String(body['token'])}` }), [{
    last_used_at: '2030-01-01T00:05:00.000Z', expires_at: '2030-01-01T00:10:00.000Z'
  }])
})

t.test('addresses are stored masked', async (t) => {
  const app = await build(t)
  const addresses: Array<[string, string | null]> = [
    ['198.51.100.200', '198.51.100.x'], ['::ffff:198.51.100.200', '198.51.100.x'], ['::FFFF:C633:64C8', '198.51.100.x'],
    ['2001:0DB8:0001:0002:0003:0004:0005:0006', '2001:db8:1::x'], ['2001:db8::1', '2001:db8:0::x'], ['::1', '0:0:0::x'],
    ['fe80::1%eth0', 'fe80:0:0::x'],
    ['1::', '1:0:0::x'], ['1:2:3:4::', '1:2:3::x'], ['64:ff9b::198.51.100.200', '64:ff9b:0::x'], ['unix', null]
  ]
  for (const [remoteAddress, address] of addresses) {
    t.match(await list(app, await signUp(app, { from: { remoteAddress } })), [{ address }], remoteAddress)
  }
  const dump = JSON.stringify((await app.pg.pool.query('select * from tokens')).rows)
  for (const [address] of addresses) t.notOk(dump.includes(`"${address}"`), address)
})

t.test('the address behind a trusted proxy is that of the client', async (t) => {
  const app = await build(t, { env: { TRUST_PROXY: '10.0.0.0/8' } })
  const session = await signUp(app, { from: { remoteAddress: '10.0.0.1', headers: { 'x-forwarded-for': '192.0.2.9, 203.0.113.77' } } })
  t.match(await list(app, session), [{ address: '203.0.113.x' }])
})

t.test('a User-Agent is stored without control characters, and an empty one as null', async (t) => {
  const app = await build(t)
  const agents: Array<[string, string | null]> = [
    ["'; drop table tokens; --", "'; drop table tokens; --"], ['a\0b\u001b[2Jc\u202ed', 'ab[2Jcd'],
    ['é'.repeat(300), 'é'.repeat(200)], ['', null], ['\t', null]
  ]
  for (const [agent, stored] of agents) {
    t.match(await list(app, await signUp(app, {
      from: { headers: { 'user-agent': agent } }
    })), [{ user_agent: stored }], JSON.stringify(agent))
  }
})

t.test('a sign-up with a code records address and User-Agent like POST /verify', async (t) => {
  const app = await build(t)
  const phone = createPhone()
  await postJson(app, '/signup', { name: 'Asha', phone_number: phone })
  const payload = { phone_number: phone, otp: await readCode(app, phone) }
  const { token } = (await app.inject({
    method: 'POST', url: '/signup', payload, remoteAddress: '192.0.2.5', headers: { 'user-agent': 'app/1' }
  })).json<{ token: string }>()
  t.match(await list(app, { authorization: `Bearer ${token}` }), [{ address: '192.0.2.x', user_agent: 'app/1' }])
})

t.test('DELETE /sessions/{id} ends one session on every instance at once', async (t) => {
  const { start } = await createCluster(t)
  const [app, other] = [await start(), await start()]
  const phone = createPhone()
  const [first, second] = [await signUp(app, { phone }), await signUp(app, { phone, count: 2 })]
  const id = await findCurrentId(app, second)
  t.same([await isAuthenticated(app, second), await isAuthenticated(other, second)], [true, true])
  t.same(await call(app, first, 'DELETE', `/sessions/${id}`), { status: 200, body: { success: true, message: 'Session ended' } })
  t.same([await isAuthenticated(app, second), await isAuthenticated(other, second)], [false, false])
  t.equal((await list(other, first)).length, 1)
  t.match(await call(app, first, 'DELETE', `/sessions/${id}`), { status: 404, body: { code: 'CHR_NOT_FOUND' } }, 'the session has ended')
})

t.test('DELETE /sessions/{id} with the id of the current session logs out', async (t) => {
  const app = await build(t)
  const session = await signUp(app)
  t.equal((await call(app, session, 'DELETE', `/sessions/${await findCurrentId(app, session)}`)).status, 200)
  t.notOk(await isAuthenticated(app, session))
})

t.test('DELETE /sessions/{id} ends nothing when the id is of another user, unknown or out of range', async (t) => {
  const app = await build(t)
  const [asha, ravi] = [await signUp(app), await signUp(app)]
  const unknown = await call(app, ravi, 'DELETE', '/sessions/999999')
  const foreign = await call(app, ravi, 'DELETE', `/sessions/${await findCurrentId(app, asha)}`)
  for (const { body } of [unknown, foreign]) delete body['request_id']
  t.match(foreign, { status: 404, body: { code: 'CHR_NOT_FOUND' } })
  t.same(foreign, unknown, 'ids of other users and unknown ids get the same response')
  t.equal((await call(app, ravi, 'DELETE', `/sessions/${Number.MAX_SAFE_INTEGER}`)).status, 404)
  for (const id of ['0', '-1', '1.5', 'x', '9223372036854775807', '9'.repeat(30), '1e3']) {
    t.ok([400, 404].includes((await call(app, ravi, 'DELETE', `/sessions/${id}`)).status), id)
  }
  t.same([await isAuthenticated(app, asha), await isAuthenticated(app, ravi)], [true, true])
})

t.test('DELETE /sessions ends all other sessions, and with ?all=true the current one too', async (t) => {
  const app = await build(t)
  const phone = createPhone()
  const sessions: Session[] = []
  for (let count = 1; count <= 3; count++) sessions.push(await signUp(app, { phone, count }))
  const [first] = sessions as [Session]
  const stranger = await signUp(app)
  const authenticated = async () => await Promise.all([...sessions, stranger].map(async (session) => await isAuthenticated(app, session)))
  t.same(await call(app, first, 'DELETE', '/sessions'), {
    status: 200, body: { success: true, message: 'All other sessions ended', ended: 2 }
  })
  t.same(await authenticated(), [true, false, false, true])
  t.match(await call(app, first, 'DELETE', '/sessions?all=false'), { status: 200, body: { ended: 0 } })
  t.same(await call(app, first, 'DELETE', '/sessions?all=true'), {
    status: 200, body: { success: true, message: 'All sessions ended', ended: 1 }
  })
  t.same(await authenticated(), [false, false, false, true])
})

t.test('POST /logout ends only the current session', async (t) => {
  const app = await build(t)
  const phone = createPhone()
  const [first, second] = [await signUp(app, { phone }), await signUp(app, { phone, count: 2 })]
  t.same(await call(app, first, 'POST', '/logout'), { status: 200, body: { success: true, message: 'Logged out' } })
  t.same([await isAuthenticated(app, first), await isAuthenticated(app, second)], [false, true])
  t.equal((await call(app, first, 'POST', '/logout')).status, 401)
})

t.test('ten concurrent requests to POST /logout get 200 or 401, and the session ends', async (t) => {
  const app = await build(t)
  const session = await signUp(app)
  const statuses = await Promise.all(Array.from({ length: 10 }, async () => (await call(app, session, 'POST', '/logout')).status))
  t.ok(statuses.every((status) => status === 200 || status === 401) && statuses.includes(200), statuses.join())
  t.notOk(await isAuthenticated(app, session))
})

t.test('an empty JSON object and a content type without a body count as no body', async (t) => {
  const app = await build(t)
  const json = { 'content-type': 'application/json' }
  for (const options of [{ headers: json }, { headers: json, payload: '{}' }, { payload: {} }, { headers: json, payload: 'null' }, {
    headers: { 'content-type': 'text/plain' }
  }]) {
    t.equal((await call(app, await signUp(app), 'POST', '/logout', options)).status, 200, JSON.stringify(options))
    t.equal((await call(app, await signUp(app), 'DELETE', '/sessions', options)).status, 200, JSON.stringify(options))
  }
  const session = await signUp(app)
  for (const [method, url] of [['POST', '/logout'], ['DELETE', '/sessions'], ['DELETE', '/sessions/1']] as const) {
    for (const payload of ['{"all":true}', '[1]', '""', '0', '{']) {
      t.match(await call(app, session, method, url, { headers: json, payload }), {
        status: 400, body: { code: 'CHR_VALIDATION' }
      }, `${url} ${payload}`)
    }
    t.equal((await call(app, session, method, url, { headers: { 'content-type': 'text/plain' }, payload: 'x' })).status, 415)
  }
  t.ok(await isAuthenticated(app, session))
})

t.test('requests without a token get 401 from every route', async (t) => {
  const app = await build(t)
  for (const [method, url] of [
    ['GET', '/sessions'], ['DELETE', '/sessions'], ['DELETE', '/sessions?all=true'], ['DELETE', '/sessions/1'], ['POST', '/logout']
  ] as const) {
    t.match(await app.inject({ method, url }), { statusCode: 401, headers: { 'www-authenticate': 'Bearer' } }, `${method} ${url}`)
  }
})

t.test('ending all sessions revokes the pending codes of a login and of a phone change', async (t) => {
  const app = await build(t)
  const session = await signUp(app)
  const phone = createPhone()
  const headers = { authorization: session.authorization }
  await postJson(app, '/login', { phone_number: session.phone })
  const otp = await readCode(app, session.phone, 2)
  await app.inject({ method: 'POST', url: '/me/phone-number', headers, payload: { phone_number: phone } })
  t.equal((await app.inject({ method: 'DELETE', url: '/sessions?all=true', headers })).statusCode, 200)
  t.match(await postJson(app, '/verify', { phone_number: session.phone, otp }), { status: 401, body: { code: 'CHR_OTP_INVALID' } })
  t.equal((await postJson(app, '/login', { phone_number: session.phone })).status, 200, 'the resend cooldown has ended')
  t.equal((await app.pg.pool.query('select from phone_changes')).rowCount, 0)
})

t.test('ending the sessions of a deleted account is not an error', async (t) => {
  const app = await build(t)
  const { userId } = await signUp(app)
  await app.accounts.delete(userId)
  t.equal(await app.sessions.endAll(userId), 0)
})

t.test('a concurrent login leaves no session after all sessions are ended', async (t) => {
  const app = await build(t, { env: { LIMIT_SENDS_PER_PHONE_HOUR: '0', LIMIT_SENDS_PER_PHONE_DAY: '0' } })
  for (let round = 0; round < 20; round++) {
    const session = await signUp(app)
    await postJson(app, '/login', { phone_number: session.phone })
    const otp = await readCode(app, session.phone, 2)
    const [ended, login] = await Promise.all([
      app.inject({ method: 'DELETE', url: '/sessions?all=true', headers: { authorization: session.authorization } }),
      postJson(app, '/verify', { phone_number: session.phone, otp })
    ])
    t.equal(ended.statusCode, 200)
    t.equal((await app.pg.pool.query('select from tokens where user_id = $1', [session.userId])).rowCount, 0)
    t.ok([200, 401].includes(login.status))
  }
})

t.test('ending all sessions deletes the device tokens', async (t) => {
  const app = await build(t)
  const session = await signUp(app)
  await app.sessions.endAll(session.userId)
  t.equal((await app.pg.pool.query('select from device_tokens')).rowCount, 0)
})

t.test('ending all sessions does not deadlock with writes of token activity', async (t) => {
  const app = await build(t, {
    env: { TOKEN_TTL_SECONDS: '600', LIMIT_SENDS_PER_PHONE_HOUR: '0', LIMIT_SENDS_PER_PHONE_DAY: '0' }, clock: createClock()
  })
  const { userId } = await signUp(app)
  const ids = Array.from({ length: 200 }, (_none, index) => index + 1000)
  for (let round = 0; round < 10; round++) {
    await app.pg.pool.query(`insert into tokens (id, hash, user_id, expiry, scope, last_used_at, final_expiry)
      select id, sha256(random()::text::bytea), $1, now() + interval '1 hour', 'authentication', now() - interval '1 hour', now() + interval '1 day'
      from unnest($2::bigint[]) as id order by random()`, [userId, ids])
    const uses = ids.map((sessionId) => ({ sessionId, usedAt: Math.floor(Date.now() / 1000) }))
    await Promise.all([extendTokens(app.db, uses, 600), app.tokens.deleteAllForUser(userId), extendTokens(app.db, uses.toReversed(), 600)])
    t.equal((await app.pg.pool.query('select from tokens where user_id = $1', [userId])).rowCount, 0)
  }
})
