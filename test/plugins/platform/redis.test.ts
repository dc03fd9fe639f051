import { once } from 'node:events'
import { Cluster, Redis } from 'ioredis'
import t, { type Test } from 'tap'
import health from '../../../plugins/platform/health.ts'
import { createClient, createPatientClient } from '../../../src/redis/client.ts'
import { createTimeouts } from '../../../src/config/timeouts.ts'
import redis from '../../../plugins/platform/redis/index.ts'
import { createRedisOtpStore } from '../../../plugins/auth/otp-store/redis.ts'
import { StartError } from '../../../src/process/retry-until.ts'
import { compose } from '../../support/compose.ts'
import { createNumber } from '../../contracts/otp-store/number.ts'
import { serviceUrl } from '../../support/databases.ts'
import { shortDeadlines } from '../../support/helper.ts'
import { promptMs, until } from '../../support/polling.ts'
import { hold, openCluster, openLocked } from '../../support/redis-servers.ts'
import { freePort } from '../../support/services/redis.ts'
import { spyOnRedis } from '../../support/connection-spy.ts'
import { certificate } from '../../fixtures/tls.ts'

async function start (t: Test, url: string, env: Record<string, string> = {}) {
  return await compose(t, [health, redis], { env: { ...shortDeadlines, REDIS_URL: url, START_WAIT_SECONDS: '1', ...env } })
}

t.test('one URL creates a client of a server, several URLs a client of a cluster, and an empty list throws', async (t) => {
  const url = serviceUrl('TEST_REDIS_URL')
  const single = hold(t, createClient([url], createTimeouts(2500)))
  t.ok(single instanceof Redis)
  t.ok(hold(t, createClient([url, url], createTimeouts(2500))) instanceof Cluster)
  t.throws(() => createClient([], createTimeouts(2500)), new TypeError('a Redis client needs a URL'))
  await once(single, 'ready')
  t.equal(await single.ping(), 'PONG')
})

t.test('commands of one turn of the event loop are written together, 32 at a time', async (t) => {
  const client = hold(t, createClient([serviceUrl('TEST_REDIS_URL')], createTimeouts(2500)))
  if (client instanceof Cluster) throw new Error('a cluster')
  await once(client, 'ready')
  const waiting: boolean[] = []
  const replies = Array.from({ length: 33 }, (_, index) => {
    const reply = client.echo(String(index))
    waiting.push(client.stream.writableLength > 0)
    return reply
  })
  t.strictSame(waiting.flatMap((isWaiting, index) => isWaiting ? [] : [index]), [31], 'the 32nd command writes all')
  t.strictSame(await Promise.all(replies), waiting.map((_waiting, index) => String(index)))
  t.equal(client.stream.writableCorked, 0)
})

t.test('a patient client waits for an unavailable server, and detects a silently dropped connection', async (t) => {
  const { proxy, env } = await spyOnRedis(t)
  await proxy.cut()
  const client = hold(t, createPatientClient([env['REDIS_URL'] ?? '']))
  const answer = client.ping()
  await proxy.restore()
  t.equal(await answer, 'PONG')
  proxy.freeze()
  const late = client.ping()
  proxy.abandon()
  t.equal(await late, 'PONG')
})

t.test('the nodes of a cluster share the credentials and the encryption of the first address', async (t) => {
  const optionsOf = (...urls: string[]) => {
    const client = hold(t, createClient(urls, createTimeouts(2500)))
    if (!(client instanceof Cluster)) throw new Error('not a cluster')
    return client.options.redisOptions
  }
  const other = 'redis://127.0.0.1:2'
  t.match(optionsOf('redis://us%40er:p%40ss@127.0.0.1:1', other), { username: 'us@er', password: 'p@ss', tls: undefined })
  t.match(optionsOf('redis://127.0.0.1:1', other), { username: undefined, password: undefined, tls: undefined })
  t.match(optionsOf('rediss://:secret@127.0.0.1:1', other), { username: undefined, password: 'secret', tls: {} })
})

t.test('sentinels are asked for the master, with credentials and encryption of their own', async (t) => {
  const optionsOf = (url: string, certificates: { ca?: string } = {}) => {
    const client = hold(t, createClient([url], { ...createTimeouts(2500), ...certificates }))
    if (client instanceof Cluster) throw new Error('a cluster')
    return client.options
  }
  t.match(optionsOf('redis+sentinel://us%40er:p%40ss@127.0.0.1:1,127.0.0.1:2/main/3?sentinelUsername=s&sentinelPassword=t'), {
    sentinels: [{ host: '127.0.0.1', port: 1 }, { host: '127.0.0.1', port: 2 }],
    name: 'main',
    db: 3,
    username: 'us@er',
    password: 'p@ss',
    sentinelUsername: 's',
    sentinelPassword: 't',
    enableTLSForSentinelMode: false,
    sentinelTLS: undefined
  })
  t.match(optionsOf('rediss+sentinel://127.0.0.1:1/main', { ca: certificate }), {
    enableTLSForSentinelMode: true, tls: { ca: certificate, rejectUnauthorized: true }, sentinelTLS: { ca: certificate }
  })
  t.match(optionsOf('rediss+sentinel://127.0.0.1:1/main?sentinelTls=off'), {
    enableTLSForSentinelMode: true, tls: { rejectUnauthorized: true }, sentinelTLS: undefined
  })
  t.same(optionsOf('rediss://127.0.0.1:1').tls, { rejectUnauthorized: true }, 'unset options of TLS keep the defaults of Node')
})

t.test('without REDIS_URL there is no client', async (t) => {
  const { app } = await compose(t, [health, redis])
  t.notOk(app.hasDecorator('redis'))
  t.strictSame(await app.health.report(), new Map())
})

t.test('an available Redis is connected without a log line', async (t) => {
  const { app, log } = await start(t, serviceUrl('TEST_REDIS_URL'))
  t.equal(await app.redis.ping(), 'PONG')
  t.strictSame(await app.health.report(), new Map([['redis', 'up']]))
  t.strictSame(log, [])
})

t.test('a start without a reachable Redis fails with an error that names Redis and the reason', async (t) => {
  const unused = `redis://127.0.0.1:${await freePort()}`
  const locked = await openLocked(t)
  const reasons: Array<[string, RegExp]> = [
    [unused, /ECONNREFUSED/],
    // The cluster client may not report the reason of a single node.
    [`${unused},${unused}`, /ECONNREFUSED|connection is closed/i],
    [locked.urlWith('wrong'), /WRONGPASS/],
    [`${locked.urlWith('wrong')},${locked.urlWith('wrong')}`, /WRONGPASS/],
    [locked.url, /NOAUTH/]
  ]
  await Promise.all(reasons.map(async ([url, reason]) => {
    const error = await start(t, url).then(() => undefined, (error: unknown) => error)
    t.ok(error instanceof StartError &&
      error.message.startsWith('Redis could not be reached within 1 s: '), `${url.slice(0, 12)}: ${String(error)}`)
    t.match(error, { message: reason, cause: Error })
    t.notMatch(error, { message: /wrong@|p@ss/ }, 'the message contains no password')
  }))
})

t.test('REDIS_URL may contain a password with special characters', async (t) => {
  const { urlWith } = await openLocked(t)
  const { app } = await start(t, urlWith('p@ss, word'))
  t.equal(await app.redis.ping(), 'PONG')
})

t.test('several URLs address one cluster, on which the OTP store works', async (t) => {
  const { urlWith } = await openCluster(t)
  const { app } = await start(t, `${urlWith('p@ss, word')},${urlWith('p@ss, word')}`, { START_WAIT_SECONDS: '10' })
  t.strictSame(await app.health.report(), new Map([['redis', 'up']]))
  const store = createRedisOtpStore(app.redis)
  for (let count = 0; count < 20; count++) {
    const number = createNumber(store)
    const id = await number.challenge()
    t.match(await store.find(id, number.now), { id })
    await number.guess(1)
    t.equal((await number.answer(id)).kind, 'right')
    await store.unlock(number.key.tag)
  }
})

t.test('a lost connection is logged once with its reason, and its return is logged once', async (t) => {
  const { proxy, env } = await spyOnRedis(t)
  const { app, log } = await start(t, env['REDIS_URL'] ?? '')
  const down = () => log.filter(({ msg }) => msg === 'Redis does not answer')
  for (let count = 1; count <= 2; count++) {
    await proxy.cut()
    await until('the loss is logged', () => down().length === count)
    await until('the client reconnects', async () => await app.redis.ping().then(() => false, () => app.redis.status === 'reconnecting'))
    t.strictSame(await app.health.report(), new Map([['redis', 'down']]))
    await proxy.restore()
    await until('the return is logged', () => log.filter(({ msg }) => msg === 'Redis answers again').length === count)
    t.strictSame(await app.health.report(), new Map([['redis', 'up']]))
  }
  t.equal(down().length, 2)
  for (const line of down()) {
    t.notMatch(line, {
      err: { message: 'no connection yet' }
    }, 'the reason is not that of a client that never connected')
  }
})

for (const state of ['unreachable', 'frozen', 'available'] as const) {
  t.test(`close ends within the deadline and without an error while Redis is ${state}`, async (t) => {
    const { proxy, env } = await spyOnRedis(t)
    const { app, log } = await start(t, env['REDIS_URL'] ?? '')
    if (state === 'unreachable') await proxy.cut()
    if (state === 'frozen') proxy.freeze()
    log.length = 0
    const started = performance.now()
    await app.close()
    t.ok(performance.now() - started < promptMs, `${(performance.now() - started).toFixed(0)} ms`)
    await until('the connection has ended', () => app.redis.status === 'end')
    t.strictSame(log.filter(({ level }) => level >= 40), [])
  })
}
