import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import health from '../../../../plugins/platform/health.ts'
import limits from '../../../../plugins/auth/limits/index.ts'
import redis from '../../../../plugins/platform/redis/index.ts'
import secrets from '../../../../plugins/platform/secrets.ts'
import { rateLimits } from '../../../../src/domain/auth/limits.ts'
import { UnavailableError } from '../../../../src/http/errors.ts'
import { compose } from '../../../support/compose.ts'
import { testLimits } from '../../../contracts/limits.ts'
import { address, day, toEnvironment, next, phoneAt, race, send, toName, verdict, type Fixture } from '../../../contracts/limits/fixture.ts'
import { shortDeadlines } from '../../../support/helper.ts'
import { promptMs, until } from '../../../support/polling.ts'
import { createProxy } from '../../../support/proxy.ts'
import { openRedis } from '../../../support/services/redis.ts'

const service = await openRedis({})
t.teardown(async () => { await service.stop() })
const admin = new Redis(service.url)
t.teardown(() => { admin.disconnect() })

const PHONE_HASH_SECRET = 'shared by instances'.repeat(2)

async function open (t: Test, maxima: Record<string, number>, url = service.url) {
  const env = { ...shortDeadlines, ...toEnvironment(maxima), REDIS_URL: url, PHONE_HASH_SECRET }
  return (await compose(t, [health, redis, secrets, limits], { env })).app
}

/** Opens instances on an empty Redis. `pass` moves the time of the process and the expiry of every key. */
async function openFixture (t: Test, maxima: Record<string, number>, count = 1): Promise<Fixture> {
  await admin.flushall()
  const apps = await Promise.all(Array.from({ length: count }, async () => await open(t, maxima)))
  const { now } = Date
  t.teardown(() => { Date.now = now })
  let passed = 0
  Date.now = () => now() + passed
  return {
    instances: apps.map(({ limits }) => limits),
    async pass (milliseconds) {
      passed += milliseconds
      for (const key of await admin.keys('*')) await admin.pexpire(key, await admin.pttl(key) - milliseconds)
    }
  }
}

for (const count of [1, 2]) {
  t.test(`the limits hold for all instances of one Redis (instances: ${count})`, async (t) => {
    testLimits(t, async (t, maxima) => await openFixture(t, maxima, count))
  })
}

const allLimits = Object.fromEntries(rateLimits.map(({ setting }) => [toName(setting), 10]))

t.test('every key expires and contains neither a phone number nor an address', async (t) => {
  const fixture = await openFixture(t, allLimits)
  const phone = phoneAt(1234)
  await (await send(fixture, { phone })).release()
  await send(fixture, { phone })
  await next(fixture).acquireVerify(address)
  const keys = await admin.keys('*')
  t.equal(keys.length, rateLimits.length)
  const contents: string[] = []
  for (const key of keys) {
    t.match(key, /^limit:[a-z_]+:[\w-]{22}$/)
    const remainingMs = await admin.pttl(key)
    t.ok(remainingMs > 0 && remainingMs <= day, `${key}: ${remainingMs} ms`)
    contents.push(key, await admin.type(key) === 'hash' ? JSON.stringify(await admin.hgetall(key)) : String(await admin.get(key)))
  }
  const plainTexts = [phone.slice(1), phone.slice(3), phone.slice(1, -4), address].flatMap((text) => [
    text, Buffer.from(text).toString('hex'), Buffer.from(text).toString('base64url')
  ])
  for (const text of plainTexts) t.notOk(contents.join(' ').includes(text), text)
})

t.test('the limits acquired first are released when a later one fails', async (t) => {
  await admin.flushall()
  const app = await open(t, allLimits)
  await app.limits.acquireSend({ phone: phoneAt(0), address })
  const [prefixes, addresses, phones] = await Promise.all(['sends_per_prefix', 'sends_per_address_hour', 'phones_per_address_hour'].map(
    async (name) => (await admin.keys(`limit:${name}:*`))[0] ?? ''
  )) as [string, string, string]
  await admin.set(prefixes, 'not a number', 'KEEPTTL')
  await t.rejects(app.limits.acquireSend({ phone: phoneAt(1), address }), UnavailableError)
  await app.close()
  t.strictSame([await admin.get(addresses), await admin.hlen(phones)], ['1', 1])
})

t.test('a release creates no key after Redis has dropped the count', async (t) => {
  const fixture = await openFixture(t, allLimits)
  const reservation = await send(fixture)
  await admin.flushall()
  await reservation.release()
  t.strictSame(await admin.keys('*'), [])
})

for (const fault of ['gone', 'frozen'] as const) {
  t.test(`every request fails within the deadline and is not counted while Redis is ${fault}`, async (t) => {
    await admin.flushall()
    const proxy = await createProxy(t, { host: '127.0.0.1', port: Number(new URL(service.url).port) })
    const app = await open(t, { ...allLimits, SENDS_PER_ADDRESS_HOUR: 2 }, `redis://127.0.0.1:${proxy.port}`)
    const fixture = { instances: [app.limits], pass: async () => {} }
    const first = await send(fixture)
    if (fault === 'gone') await proxy.cut()
    else proxy.freeze()

    const started = performance.now()
    const requests = [send(fixture), next(fixture).acquireVerify(address), first.release(), race(async () => await send(fixture))]
    for (const outcome of await Promise.allSettled(requests)) {
      t.equal(outcome.status, 'rejected')
      t.match(outcome, { reason: { name: 'UnavailableError', dependency: 'redis', statusCode: 503 } })
    }
    const elapsedMs = performance.now() - started
    t.ok(elapsedMs < promptMs, `${elapsedMs} ms`)

    // The clock offset to Redis is measured with an error of half a round trip, which is long on a busy machine.
    await sleep(300)
    await proxy.restore()
    await until('Redis answers again', async () => await app.redis.ping().then(() => true, () => false))
    // A release that was sent to a frozen server runs when the server continues.
    const left = fault === 'gone' ? 1 : 2
    for (let index = 0; index < left; index++) await send(fixture)
    t.equal(await verdict(send(fixture)), 'sends_per_address_hour')
  })
}
