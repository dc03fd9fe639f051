import pg from 'pg'
import t, { type Test } from 'tap'
import { serviceUrl } from '../../../support/databases.ts'
import { createPhone } from '../../../support/helper.ts'
import { isPrompt, isPromptRefusal, sinceNow } from '../../../support/outage.ts'
import { promptMs, until } from '../../../support/polling.ts'
import { call, signUpAt, startOwnService, untilLogged } from '../../../support/program.ts'
import { wirePostgres } from '../../../support/connection-spy.ts'

const { proxy, url: directUrl, env } = await wirePostgres(t)
const { program, url } = await startOwnService(t, env)
const headers = await signUpAt(url)
const direct = new pg.Pool({ connectionString: directUrl })
direct.on('error', () => {})
t.teardown(async () => { await direct.end() })

/** The service's own. */
const connections = 'select pid, query from pg_stat_activity where datname = current_database() and application_name = \'cheershare\''

const ask = async () => await call(`${url}/protected`, { headers })
const askReady = async () => await call(`${url}/health/ready`)
const untilBack = async () => { await until('it is back', async () => (await ask()).status === 200 && (await askReady()).status === 200) }

/** Holds the tokens, so that whoever looks one up waits; resolves to how to let go. */
async function lockTokens (t: Test): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: directUrl })
  t.teardown(async () => { await client.end() })
  await client.connect()
  await client.query('begin; lock table tokens in access exclusive mode')
  return async () => { await client.query('rollback') }
}

/** Makes the pool grow, so that it has idle connections too. */
async function openConnections (): Promise<void> {
  await Promise.all(Array.from({ length: 8 }, async () => await call(`${url}/verify`, { json: { phone_number: createPhone(), otp: '123456' } })))
}

async function untilWaiting (): Promise<void> {
  const waiting = 'select from pg_locks where not granted and relation = \'tokens\'::regclass'
  await until('a request waits for the lock', async () => (await direct.query(waiting)).rowCount === 1)
}

for (const [fault, begin] of [['is gone', proxy.cut], ['is frozen', async () => { proxy.freeze() }]] as const) {
  t.test(`while PostgreSQL ${fault}, what needs it answers 503 within the deadline, the rest goes on, and it recovers`, async (t) => {
    const unlock = await lockTokens(t)
    await openConnections()
    const running = ask()
    await untilWaiting()
    await begin()
    isPromptRefusal(t, ...await sinceNow(running).then(([answer, since]) => [answer, 'a request under way', since] as const))
    isPromptRefusal(t, await ask(), 'a token')
    const answers = await Promise.all(Array.from({ length: 40 }, ask))
    for (const answer of answers) isPromptRefusal(t, answer, 'one of many')
    isPromptRefusal(t, await call(`${url}/verify`, { json: { phone_number: createPhone(), otp: '123456' } }), 'a code')
    await until('it is noticed', async () => (await askReady()).status === 503)
    const ready = await askReady()
    isPromptRefusal(t, ready, 'readiness')
    t.match(ready.body['details'], [{ path: 'postgres' }])
    const started = performance.now()
    for (let asked = 0; asked < 20; asked++) await ask()
    t.ok(performance.now() - started < promptMs, 'once it is known, none of 20 requests waits for a second')
    isPrompt(t, await call(`${url}/health/live`), 'liveness')
    isPrompt(t, await call(`${url}/login`, { json: { phone_number: createPhone() } }), 'a send')
    t.ok(await untilLogged(program, 'PostgreSQL does not answer'))

    await unlock()
    await proxy.restore()
    await untilBack()
    t.ok(await untilLogged(program, 'PostgreSQL answers again'))
  })
}

t.test('a request that is sent the moment PostgreSQL freezes answers within the deadline', async (t) => {
  proxy.freeze()
  isPromptRefusal(t, await ask(), 'a token')
  await proxy.restore()
  await untilBack()
})

t.test('connections that froze for good are not used again', async (t) => {
  await openConnections()
  proxy.freeze()
  isPromptRefusal(t, await ask(), 'a token')
  proxy.abandon()
  await until('it is noticed', async () => (await askReady()).status === 200)
  for (const answer of await Promise.all(Array.from({ length: 20 }, ask))) isPrompt(t, answer, 'a token')
  await proxy.restore()
})

t.test('a statement that runs longer than its deadline is ended and leaves nothing occupied', async (t) => {
  const unlock = await lockTokens(t)
  const answers = await Promise.all([ask(), new Promise((resolve) => setImmediate(resolve)).then(ask)])
  for (const { status, body, milliseconds } of answers) {
    t.match({ status, body }, { status: 503, body: { code: 'CHR_UNAVAILABLE' } })
    t.ok(milliseconds > 2400 && milliseconds < promptMs, `after ${Math.round(milliseconds)} ms`)
  }
  t.equal((await askReady()).status, 200, 'the server itself is there')
  await unlock()
  t.equal((await ask()).status, 200)
  const { rowCount } = await direct.query('select from pg_locks where not granted')
  t.equal(rowCount, 0)
})

t.test('the end of the one connection that watches the server disturbs nobody', async (t) => {
  const unlock = await lockTokens(t)
  const running = ask()
  await untilWaiting()
  // It asks for nothing else.
  const { rowCount } = await direct.query(`select pg_terminate_backend(pid) from (${connections}) as connections where query = 'select 1'`)
  t.equal(rowCount, 1)
  await until('there is another one', async () => (await direct.query(`${connections} and query = 'select 1'`)).rowCount === 1)
  await unlock()
  t.equal((await running).status, 200)
})

t.test('connections that the server ends do not end the service', async (t) => {
  const unlock = await lockTokens(t)
  await openConnections()
  const running = ask()
  await untilWaiting()
  await direct.query(`select pg_terminate_backend(pid) from (${connections}) as connections`)
  isPromptRefusal(t, await running, 'a request under way')
  await unlock()
  await untilBack()
  t.equal(program.ending, undefined)
})

t.test('after all that the service stops as always', async (t) => {
  program.signal('SIGTERM')
  t.equal(await program.wait(), 0)
})

t.test('a shutdown while PostgreSQL is frozen ends with exit code 0', async (t) => {
  const wire = await wirePostgres(t)
  const service = await startOwnService(t, { ...wire.env, REDIS_URL: serviceUrl('TEST_REDIS_URL') })
  wire.proxy.freeze()
  service.program.signal('SIGTERM')
  t.equal(await service.program.wait(), 0)
})
