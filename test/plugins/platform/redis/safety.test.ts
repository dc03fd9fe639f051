import Fastify from 'fastify'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import health from '../../../../plugins/platform/health.ts'
import redis from '../../../../plugins/platform/redis/index.ts'
import { checkSafety } from '../../../../plugins/platform/redis/safety.ts'
import { StartError } from '../../../../src/process/retry-until.ts'
import { compose, type LogLine } from '../../../support/compose.ts'
import { production, carrier } from '../../../support/config-problems.ts'
import { hold, openCluster } from '../../../support/redis-servers.ts'
import { openRedis } from '../../../support/services/redis.ts'

/** Starts a server with these settings of redis.conf. */
async function openWith (t: Test, ...settings: string[]) {
  const service = await openRedis({}, settings)
  t.teardown(async () => { await service.stop() })
  return { url: service.url, admin: hold(t, new Redis(service.url)) }
}

const start = async (t: Test, env: Record<string, string>): Promise<LogLine[]> => (await compose(t, [health, redis], { env })).log
const inProduction = (url: string) => ({ ...production, ...carrier, REDIS_URL: url })

t.test('a Redis that may evict keys is an error in the log, and refused in production unless that is allowed', async (t) => {
  const { url, admin } = await openWith(t)
  for (const policy of ['allkeys-lru', 'allkeys-lfu', 'allkeys-random', 'volatile-lru', 'volatile-lfu', 'volatile-random', 'volatile-ttl']) {
    await admin.config('SET', 'maxmemory-policy', policy)
    const lines = [await start(t, { REDIS_URL: url }), await start(t, { ...inProduction(url), REDIS_ALLOW_EVICTION: 'on' })]
    for (const log of lines) t.match(log, [{ level: 50, policy, msg: /its maxmemory-policy is .*: set it to noeviction$/ }], policy)
    for (const log of lines) t.equal(log.length, 1)
    await t.rejects(start(t, inProduction(url)), {
      name: 'StartError',
      message: new RegExp(`^Redis may delete .* because its maxmemory-policy is ${policy}: .* REDIS_ALLOW_EVICTION=on$`)
    }, policy)
  }
  await admin.config('SET', 'maxmemory-policy', 'noeviction')
  t.strictSame(await start(t, inProduction(url)), [])
})

t.test('a Redis without an append-only file is a warning, also in production', async (t) => {
  const { url } = await openWith(t, '--appendonly', 'no')
  const warning = [{ level: 40, msg: /^Redis has no append-only file, .*: set appendonly to yes$/ }]
  for (const env of [{ REDIS_URL: url }, inProduction(url)]) t.match(await start(t, env), warning)
})

t.test('each master of a cluster is checked', async (t) => {
  const { admin, urlWith } = await openCluster(t)
  const url = urlWith('p@ss, word')
  await admin.config('SET', 'maxmemory-policy', 'volatile-ttl')
  const error = await start(t, inProduction(`${url},${url}`)).catch((error: unknown) => error)
  t.ok(error instanceof StartError && error.message.includes('volatile-ttl'), String(error))
})

t.test('a user that may not run INFO starts, and the log says what could not be checked', async (t) => {
  const { url, admin } = await openWith(t)
  await admin.config('SET', 'maxmemory-policy', 'allkeys-lru')
  await admin.acl('SETUSER', 'lim', 'on', '>limited', '~*', '&*', '+@all', '-@dangerous')
  const own: string[] = []
  for (const name of ['warn', 'error', 'log'] as const) t.intercept(console, name, { value: (...args: unknown[]) => { own.push(args.join()) } })
  const log = await start(t, inProduction(url.replace('//', '//lim:limited@')))
  t.match(log, [{ level: 30, msg: /^Redis does not permit INFO/, err: { message: /NOPERM/ } }])
  t.equal(log.length, 1)
  t.strictSame(own, [], 'the client prints no lines of its own')
})

t.test('a server whose INFO lacks the fields is taken as safe', async (t) => {
  const { admin } = await openWith(t, '--maxmemory-policy', 'allkeys-lru', '--appendonly', 'no')
  t.intercept(admin, 'info', { value: async () => 'used_memory:1\r\n' })
  await checkSafety(admin, { log: Fastify().log, refusesEviction: true })
})

t.test('a user that lacks a right is told which one', async (t) => {
  const { url, admin } = await openWith(t)
  const users: Array<[rules: string[], sentence: RegExp]> = [
    [['~*', '+@all', '-evalsha'], /ACL SETUSER: \+evalsha$/],
    [['~*', '+@all', '-@stream'], /ACL SETUSER: \+xadd .*\+xreadgroup/],
    [['~app:*', '+@all'], /ACL SETUSER: ~otp:\* ~limit:\* ~delivery:\* ~sms:stopped:\* ~\{sms-\*$/]
  ]
  for (const [index, [rules, sentence]] of users.entries()) {
    await admin.acl('SETUSER', `user${index}`, 'on', '>secret', ...rules)
    await t.rejects(start(t, { REDIS_URL: url.replace('//', `//user${index}:secret@`) }), { name: 'StartError', message: sentence })
  }
})
