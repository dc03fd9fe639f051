import pg from 'pg'
import t, { type Test } from 'tap'
import { serviceUrl } from '../../../support/databases.ts'
import { createPhone } from '../../../support/helper.ts'
import { isPrompt, isPromptRefusal, sinceNow } from '../../../support/outage.ts'
import { promptMs, until } from '../../../support/polling.ts'
import { call, signUpAt, startOwnService, untilLogged } from '../../../support/program.ts'
import { spyOnPostgres } from '../../../support/connection-spy.ts'

const { proxy, url: directUrl, env } = await spyOnPostgres(t)
const { program, url } = await startOwnService(t, env, { hasCoverage: true })
const headers = await signUpAt(url)
const direct = new pg.Pool({ connectionString: directUrl })
direct.on('error', () => {})
t.teardown(async () => { await direct.end() })

/** Selects the connections of the service. */
const connections = 'select pid, query from pg_stat_activity where datname = current_database() and application_name = \'cheershare\''

const getProtected = async () => await call(`${url}/protected`, { headers })
const getReadiness = async () => await call(`${url}/health/ready`)
const untilRecovered = async () => {
  await until('the service has recovered', async () => (await getProtected()).status === 200 &&
  (await getReadiness()).status === 200)
}

/** Locks the table of tokens, so that lookups wait; returns a function that unlocks it. */
async function lockTokens (t: Test): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: directUrl })
  t.teardown(async () => { await client.end() })
  await client.connect()
  await client.query('begin; lock table tokens in access exclusive mode')
  return async () => { await client.query('rollback') }
}

/** Makes the pool open several connections, which are idle afterwards. */
async function openConnections (): Promise<void> {
  await Promise.all(Array.from({ length: 8 }, async () => await call(`${url}/verify`, {
    json: { phone_number: createPhone(), otp: '123456' }
  })))
}

async function untilWaiting (): Promise<void> {
  const waiting = 'select from pg_locks where not granted and relation = \'tokens\'::regclass'
  await until('a request waits for the lock', async () => (await direct.query(waiting)).rowCount === 1)
}

for (const [fault, begin] of [['is unreachable', proxy.cut], ['is frozen', async () => { proxy.freeze() }]] as const) {
  t.test(`while PostgreSQL ${fault}, requests that need it answer 503 within the deadline, others work, and the service recovers`, async (t) => {
    const unlock = await lockTokens(t)
    await openConnections()
    const running = getProtected()
    await untilWaiting()
    await begin()
    isPromptRefusal(t, ...await sinceNow(running).then(([answer, since]) => [answer, 'a request in flight', since] as const))
    isPromptRefusal(t, await getProtected(), 'a token')
    const answers = await Promise.all(Array.from({ length: 40 }, getProtected))
    for (const answer of answers) isPromptRefusal(t, answer, 'one of many requests')
    isPromptRefusal(t, await call(`${url}/verify`, { json: { phone_number: createPhone(), otp: '123456' } }), 'a code')
    await until('the outage is detected', async () => (await getReadiness()).status === 503)
    const ready = await getReadiness()
    isPromptRefusal(t, ready, 'readiness')
    t.match(ready.body['details'], [{ path: 'postgres' }])
    const started = performance.now()
    for (let count = 0; count < 20; count++) await getProtected()
    t.ok(performance.now() - started < promptMs, 'after the detection requests are refused without waiting')
    isPrompt(t, await call(`${url}/health/live`), 'liveness')
    isPrompt(t, await call(`${url}/login`, { json: { phone_number: createPhone() } }), 'a send')
    t.ok(await untilLogged(program, 'PostgreSQL does not answer'))

    await unlock()
    await proxy.restore()
    await untilRecovered()
    t.ok(await untilLogged(program, 'PostgreSQL answers again'))
  })
}

t.test('a request that is sent the moment PostgreSQL freezes answers within the deadline', async (t) => {
  proxy.freeze()
  isPromptRefusal(t, await getProtected(), 'a token')
  await proxy.restore()
  await untilRecovered()
})

t.test('connections that stay frozen are not used again', async (t) => {
  await openConnections()
  proxy.freeze()
  isPromptRefusal(t, await getProtected(), 'a token')
  proxy.abandon()
  await until('the pool has new connections', async () => (await getReadiness()).status === 200)
  for (const answer of await Promise.all(Array.from({ length: 20 }, getProtected))) isPrompt(t, answer, 'a token')
  await proxy.restore()
})

t.test('a statement that exceeds its deadline is canceled, and its connection and locks are released', async (t) => {
  const unlock = await lockTokens(t)
  const answers = await Promise.all([getProtected(), new Promise((resolve) => setImmediate(resolve)).then(getProtected)])
  for (const { status, body, milliseconds } of answers) {
    t.match({ status, body }, { status: 503, body: { code: 'CHR_UNAVAILABLE' } })
    t.ok(milliseconds > 2400 && milliseconds < promptMs, `after ${Math.round(milliseconds)} ms`)
  }
  t.equal((await getReadiness()).status, 200, 'PostgreSQL itself is up')
  await unlock()
  t.equal((await getProtected()).status, 200)
  const { rowCount } = await direct.query('select from pg_locks where not granted')
  t.equal(rowCount, 0)
})

t.test('requests are not affected when the connection of the watch ends', async (t) => {
  const unlock = await lockTokens(t)
  const running = getProtected()
  await untilWaiting()
  // The watch sends no other statement.
  const { rowCount } = await direct.query(`select pg_terminate_backend(pid) from (${connections}) as connections where query = 'select 1'`)
  t.equal(rowCount, 1)
  await until('the watch has another connection', async () => (await direct.query(`${connections} and query = 'select 1'`)).rowCount === 1)
  await unlock()
  t.equal((await running).status, 200)
})

t.test('the service survives when the server ends its connections', async (t) => {
  const unlock = await lockTokens(t)
  await openConnections()
  const running = getProtected()
  await untilWaiting()
  await direct.query(`select pg_terminate_backend(pid) from (${connections}) as connections`)
  isPromptRefusal(t, await running, 'a request in flight')
  await unlock()
  await untilRecovered()
  t.equal(program.ending, undefined)
})

t.test('the service stops with exit code 0 after these outages', async (t) => {
  program.signal('SIGTERM')
  t.equal(await program.wait(), 0)
})

t.test('a shutdown while PostgreSQL is frozen ends with exit code 0', async (t) => {
  const spy = await spyOnPostgres(t)
  const service = await startOwnService(t, { ...spy.env, REDIS_URL: serviceUrl('TEST_REDIS_URL') })
  spy.proxy.freeze()
  service.program.signal('SIGTERM')
  t.equal(await service.program.wait(), 0)
})
