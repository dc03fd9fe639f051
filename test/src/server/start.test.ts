import { createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import path from 'node:path'
import t from 'tap'
import { createHome } from '../../support/embedded.ts'
import { createDatabase, serviceUrl } from '../../support/databases.ts'
import { createEnvironment } from '../../support/helper.ts'
import { until } from '../../support/polling.ts'
import { call, logOf, signUpAt, startProgram, startService, type Program } from '../../support/program.ts'
import { freePort } from '../../support/services/redis.ts'

t.jobs = 2

/** A later start takes a second or two on a quiet machine. */
const slowStartMs = 30_000

/** Resolves to the welcome text, which follows the line with the address. */
async function untilWelcome (program: Program): Promise<void> {
  await until('the welcome is written', () => program.output.includes('"otp":"CODE"'))
}

t.test('an empty environment starts the whole system and prints its addresses', async (t) => {
  const cwd = await createHome(t)
  const port = await freePort()
  const { program, url } = await startService(t, { env: { PORT: String(port) }, cwd })
  await untilWelcome(program)
  t.equal(url, `http://127.0.0.1:${port}`)
  for (const line of [
    `listens at  ${url}`, `API docs (try it out)  ${url}/docs`, `SMS inbox              ${url}/dev/inbox`
  ]) t.match(program.output, line)
  const recipe = program.output.split('\n').filter((line) => line.startsWith('  curl -s '))
  t.match(recipe, [`${url}/signup`, `${url}/dev/inbox.json?to=%2B91`, `${url}/verify`])
  for (const page of ['/docs', '/dev/inbox']) t.equal((await fetch(`${url}${page}`)).status, 200, `${page} is served`)

  const headers = await signUpAt(url)
  program.signal('SIGTERM')
  t.equal(await program.wait(), 0)

  const started = performance.now()
  const second = await startService(t, { env: { PORT: String(port) }, cwd })
  t.ok(performance.now() - started < slowStartMs, 'the second start is fast')
  t.equal((await call(`${second.url}/protected`, { headers })).status, 200, 'a token of the first run is still valid')
})

t.test('a wildcard HOST is printed as an address that a browser can open', async (t) => {
  const env = await createEnvironment(t, { LOG_LEVEL: 'info', PORT: '0', HOST: '0.0.0.0', DEV_INBOX: 'on' })
  const { program, port } = await startService(t, { env })
  await untilWelcome(program)
  t.match(program.output, new RegExp(`Cheershare listens at  http://(127\\.0\\.0\\.1|localhost):${port}\n`))
  t.match(program.output, 'EVERYONE WHO REACHES THIS ADDRESS CAN READ EVERY CODE')
})

t.test('a disabled inbox is not printed', async (t) => {
  const { program } = await startService(t, { env: await createEnvironment(t, { LOG_LEVEL: 'info', PORT: '0', DEV_INBOX: 'off' }) })
  await untilWelcome(program)
  t.notMatch(program.output, 'SMS inbox  ')
})

t.test('in production the service only writes log lines', async (t) => {
  const env = await createEnvironment(t, {
    NODE_ENV: 'production',
    DRAIN_SECONDS: '0',
    LOG_LEVEL: 'info',
    PORT: '0',
    TRUST_PROXY: '10.0.0.0/8',
    REDIS_URL: serviceUrl('TEST_REDIS_URL'),
    APP_SECRET: 'an application secret of the tests',
    PHONE_HASH_SECRET: 'a secret for the hashes of numbers',
    STORAGE_URL: `file:${path.join(t.testdirName, 'uploads')}`,
    TWILIO_SID: `AC${'0'.repeat(32)}`,
    TWILIO_API_KEY: 'key',
    TWILIO_PHONE_NUMBER: '+15005550006'
  })
  const { program, url } = await startService(t, { hasCoverage: true, env })
  t.match(logOf(program).map(({ level, msg }) => [level, msg]), [
    [30, 'a new signing key is published'], [30, 'this key signs JWTs from now on'], [30, 'starting server'], [30, 'listening at ']
  ], 'the log has no warnings')
  t.equal(logOf(program)[2]?.['mode'], 'production')
  t.equal(program.output.trim().split('\n').length, logOf(program).length, 'the output has no welcome text')
  t.same((await call(`${url}/health/ready`)).body, {
    status: 'ready', dependencies: { postgres: 'up', redis: 'up', storage: 'up', 'sms:twilio': 'up' }
  })
  program.signal('SIGTERM')
  t.equal(await program.wait(), 0)
})

t.test('an invalid configuration stops the start and reports each problem', async (t) => {
  const program = startProgram(t, 'src/server.ts', { hasCoverage: true, env: { APP_SECRET: 'short', DATABASE_URL: 'mysql://x' } })
  t.equal(await program.wait(), 1)
  t.match(program.errors, 'The configuration is not usable:\n  - DATABASE_URL')
  t.match(program.errors, '\n  - APP_SECRET')
  t.notMatch(program.errors, /^ +at /m, 'the message has no stack trace')
})

t.test('a port that is taken stops the start with exit code 1', async (t) => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  t.teardown(() => { other.close() })
  const { port } = other.address() as AddressInfo
  const program = startProgram(t, 'src/server.ts', { hasCoverage: true, env: await createEnvironment(t, { PORT: String(port) }) })
  t.equal(await program.wait(), 1)
  t.equal(program.errors.trim(), `port ${port} is taken: stop what listens there, or set PORT`)
})

t.test('an address of another machine stops the start with exit code 1 and the reason', async (t) => {
  const program = startProgram(t, 'src/server.ts', { hasCoverage: true, env: await createEnvironment(t, { HOST: '203.0.113.1', DEV_INBOX: 'on', PORT: '0' }) })
  t.equal(await program.wait(), 1)
  t.match(program.errors, 'EADDRNOTAVAIL')
})

t.test('pending migrations stop the start and name the command; MIGRATE_ON_START applies them', async (t) => {
  const env = await createEnvironment(t, { DATABASE_URL: await createDatabase(t, { isEmpty: true }), LOG_LEVEL: 'info', PORT: '0' })
  const refused = startProgram(t, 'src/server.ts', { hasCoverage: true, env })
  t.equal(await refused.wait(), 1)
  t.match(refused.errors, /lacks 0001_create_users, .*npm run db:migrate -- --yes/)
  t.notMatch(refused.errors, /^ +at /m, 'the message has no stack trace')

  const { url } = await startService(t, { env: { ...env, MIGRATE_ON_START: 'on' } })
  t.equal((await call(`${url}/health/ready`)).status, 200)
})
