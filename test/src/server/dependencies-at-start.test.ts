import { randomBytes } from 'node:crypto'
import { Redis } from 'ioredis'
import t from 'tap'
import { createEnvironment, shortDeadlines } from '../../support/helper.ts'
import { call, logOf, startOwnService, startProgram, untilLogged } from '../../support/program.ts'
import { spyOnPostgres, spyOnRedis } from '../../support/connection-spy.ts'
import { promptMs } from '../../support/polling.ts'
import { hold } from '../../support/redis-servers.ts'
import { serviceUrl } from '../../support/databases.ts'

t.jobs = 2

for (const [what, spy] of [['PostgreSQL', spyOnPostgres], ['Redis', spyOnRedis]] as const) {
  t.test(`a start without ${what} names the reason, tries for START_WAIT_SECONDS and ends with exit code 1`, async (t) => {
    const { proxy, env } = await spy(t)
    await proxy.cut()
    const started = performance.now()
    const program = startProgram(t, 'src/server.ts', {
      env: await createEnvironment(t, { LOG_LEVEL: 'info', PORT: '0', START_WAIT_SECONDS: '2', ...env })
    })
    t.match((await untilLogged(program, `${what} cannot be reached`)).msg, /\(.*ECONNREFUSED.*\); trying for 2 s/)
    t.equal(await program.wait(), 1)
    t.ok(performance.now() - started > 2000)
    t.match(program.errors, new RegExp(`^${what} could not be reached within 2 s: .*ECONNREFUSED`))
    t.notMatch(program.errors, /^ +at /m, 'the message has no stack trace')
  })

  t.test(`a start ends with exit code 1 when ${what} accepts connections and never replies`, async (t) => {
    const { proxy, env } = await spy(t)
    proxy.freeze()
    const program = startProgram(t, 'src/server.ts', {
      env: await createEnvironment(t, { START_WAIT_SECONDS: '1', ...env, ...shortDeadlines })
    })
    t.equal(await program.wait(), 1)
    t.match(program.errors, new RegExp(`^${what} could not be reached within 1 s: .*(time|no connection|no answer)`, 'i'))
  })

  t.test(`a start continues when ${what} comes up during the wait`, async (t) => {
    const { proxy, env } = await spy(t)
    await proxy.cut()
    const program = startProgram(t, 'src/server.ts', { env: await createEnvironment(t, { LOG_LEVEL: 'info', PORT: '0', ...env }) })
    await untilLogged(program, `${what} cannot be reached`)
    await proxy.restore()
    const { msg } = await untilLogged(program, 'listening at ')
    t.equal((await call(`${msg.replace('listening at ', '')}/health/ready`)).status, 200)
  })
}

t.test('a signal during the wait ends the service at once', async (t) => {
  const { proxy, env } = await spyOnPostgres(t)
  await proxy.cut()
  const program = startProgram(t, 'src/server.ts', { hasCoverage: true, env: await createEnvironment(t, { LOG_LEVEL: 'info', PORT: '0', ...env }) })
  await untilLogged(program, 'PostgreSQL cannot be reached')
  const started = performance.now()
  program.signal('SIGTERM')
  await program.wait()
  t.ok(performance.now() - started < promptMs, `it took ${Math.round(performance.now() - started)} ms`)
})

t.test('a missing database and an unreachable server give different messages', async (t) => {
  const { env } = await spyOnPostgres(t)
  const program = startProgram(t, 'src/server.ts', {
    env: await createEnvironment(t, { START_WAIT_SECONDS: '0', DATABASE_URL: `${env['DATABASE_URL']}_missing` })
  })
  t.equal(await program.wait(), 1)
  t.match(program.errors, /within 0 s: database "test_\w+_missing" does not exist/)
})

t.test('a user of Redis without a right ends the start with a sentence that names it, and no other line', async (t) => {
  const url = new URL(serviceUrl('TEST_REDIS_URL'))
  const admin = hold(t, new Redis(url.href))
  const user = `start-${randomBytes(6).toString('hex')}`
  await admin.acl('SETUSER', user, 'on', '>secret', '~*', '+@all', '-evalsha', '-info')
  t.teardown(async () => { await admin.acl('DELUSER', user) })
  const program = startProgram(t, 'src/server.ts', {
    env: await createEnvironment(t, { LOG_LEVEL: 'info', PORT: '0', REDIS_URL: `redis://${user}:secret@${url.host}` })
  })
  t.equal(await program.wait(), 1)
  t.equal(program.errors, 'The Redis user of REDIS_URL lacks rights. Grant them by ACL SETUSER: +evalsha\n')
  t.equal(program.output, '')
})

t.test('a signal ends a start that Redis refuses', async (t) => {
  const url = new URL(serviceUrl('TEST_REDIS_URL'))
  const program = startProgram(t, 'src/server.ts', {
    env: await createEnvironment(t, { LOG_LEVEL: 'info', PORT: '0', REDIS_URL: `redis://nobody:secret@${url.host}` })
  })
  t.match((await untilLogged(program, 'Redis cannot be reached')).msg, /WRONGPASS/)
  program.signal('SIGTERM')
  t.equal(await program.wait(), 0)
  t.equal(program.output.trim().split('\n').length, 1, 'the reason is logged once')
})

t.test('a start with a reachable Redis logs no warning', async (t) => {
  const { program } = await startOwnService(t, (await spyOnRedis(t)).env)
  t.same(logOf(program).filter(({ level }) => Number(level) > 30), [])
})
