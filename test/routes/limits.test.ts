import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { RateLimitedError, UnavailableError } from '../../src/http/errors.ts'
import { serviceUrl } from '../support/databases.ts'
import { build, createClock, createPhone, postJson, signUp } from '../support/helper.ts'
import { until } from '../support/polling.ts'

const limited = { status: 429, body: { code: 'CHR_RATE_LIMITED' }, headers: { 'retry-after': /^\d+$/ } }
const sent = { status: 200, body: { message: 'OTP sent successfully' } }

interface RequestContext { remoteAddress?: string, forwarded?: string }

async function post (app: FastifyInstance, url: string, payload: object, { remoteAddress = '198.51.100.7', forwarded }: RequestContext = {}) {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }
  const answer = await app.inject({ method: 'POST', url, payload, headers, remoteAddress })
  return { status: answer.statusCode, body: answer.json(), headers: answer.headers }
}

const login = async (app: FastifyInstance, context?: RequestContext, phone = createPhone()) => await post(app, '/login', { phone_number: phone }, context)

async function countMessages (app: FastifyInstance): Promise<number> {
  await new Promise((resolve) => setImmediate(resolve))
  return app.carrier?.messages().length ?? 0
}

for (const [where, redis] of [['in memory', {}], ['in Redis', { REDIS_URL: serviceUrl('TEST_REDIS_URL') }]] as const) {
  const open = async (t: Test, env: Record<string, string>) => await build(t, { env: { ...redis, ...env } })

  t.test(`${where}: SMS of an address are limited, and those that do not go out do not count`, async (t) => {
    const app = await open(t, { LIMIT_SENDS_PER_ADDRESS_HOUR: '3' })
    const phone = createPhone()
    for (let count = 0; count < 6; count++) t.match(await login(app, {}, phone), sent, 'one SMS, repeated questions')
    for (let count = 0; count < 2; count++) t.match(await login(app), sent)
    t.match(await login(app), limited)
    t.match(await login(app, { remoteAddress: '198.51.100.8' }), sent, 'another address')
  })

  t.test(`${where}: the same request 20 times at once is one SMS, and context again is no error, though a limit has none left`, async (t) => {
    const app = await open(t, { LIMIT_SENDS_PER_ADDRESS_HOUR: '1' })
    const phone = createPhone()
    const answers = await Promise.all(Array.from({ length: 20 }, async () => await login(app, {}, phone)))
    // Only one that came between the winner's count and its SMS is refused.
    t.comment(answers.map(({ status }) => status).join(' '))
    t.ok(answers.every(({ status }) => [200, 429].includes(status)) && answers.some(({ status }) => status === 200))
    t.match(await login(app, {}, phone), sent)
    t.match(await login(app), limited)
    await until('the SMS is there', () => (app.carrier?.messages({ to: phone }) ?? []).length === 1)
  })

  t.test(`${where}: an address of IPv6 is its /64`, async (t) => {
    const app = await open(t, { LIMIT_SENDS_PER_ADDRESS_HOUR: '2' })
    for (const remoteAddress of ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9']) t.match(await login(app, { remoteAddress }), sent)
    t.match(await login(app, { remoteAddress: '2001:db8:1:2:aaaa:bbbb:cccc:dddd' }), limited)
    t.match(await login(app, { remoteAddress: '2001:db8:1:3::1' }), sent)
  })

  t.test(`${where}: numbers of an address are limited, and one that was counted is free`, async (t) => {
    const app = await open(t, { LIMIT_PHONES_PER_ADDRESS_HOUR: '2' })
    const phones = [createPhone(), createPhone()]
    for (const phone of [...phones, ...phones]) t.match(await login(app, {}, phone), sent)
    t.match(await login(app), limited)
    t.match(await login(app, {}, phones[0]), sent)
  })

  t.test(`${where}: codes that an address tries are limited, whatever the number`, async (t) => {
    const app = await open(t, { LIMIT_VERIFIES_PER_ADDRESS_HOUR: '2' })
    for (let count = 0; count < 2; count++) t.match(await post(app, '/verify', { phone_number: createPhone(), otp: '123456' }), { status: 401 })
    t.match(await post(app, '/verify', { phone_number: createPhone(), otp: '123456' }), limited)
    t.match(await post(app, '/signup', { phone_number: createPhone(), otp: '123456' }), limited, 'the merged flow too')
    t.match(await post(app, '/verify', { phone_number: createPhone(), otp: '123456' }, { remoteAddress: '203.0.113.1' }), { status: 401 })
  })

  t.test(`${where}: SMS to one number are limited by hour and day`, async (t) => {
    const clock = createClock()
    const app = await build(t, { clock, env: { ...redis, LIMIT_SENDS_PER_PHONE_HOUR: '2', LIMIT_SENDS_PER_PHONE_DAY: '3' } })
    const phone = createPhone()
    for (let count = 0; count < 2; count++) {
      t.match(await login(app, {}, phone), sent)
      clock.advance(300_000)
    }
    t.match(await login(app, {}, phone), { ...limited, headers: { 'retry-after': '3000' } })
    clock.advance(3_000_000)
    t.match(await login(app, {}, phone), sent)
    clock.advance(3_600_000)
    t.match(await login(app, {}, phone), { ...limited, headers: { 'retry-after': '79200' } })
  })

  t.test(`${where}: a flood through a prefix or over the service is stopped at the number set`, async (t) => {
    const [byPrefix, byMinute, byDay] = [await open(t, { LIMIT_SENDS_PER_PREFIX: '10' }), await open(t, { LIMIT_SENDS_PER_MINUTE: '10' }), await open(t, { LIMIT_SENDS_PER_DAY: '10' })]
    const neighbours = Array.from({ length: 40 }, (_none, index) => `+91981234${String(1000 + index)}`)
    const floods: Array<[FastifyInstance, string[]]> = [[byPrefix, neighbours], [byMinute, neighbours.map(createPhone)], [byDay, neighbours.map(createPhone)]]
    for (const [app, phones] of floods) {
      const answers = await Promise.all(phones.map(async (phone, index) => await login(app, { remoteAddress: `198.51.100.${index}` }, phone)))
      t.equal(answers.filter(({ status }) => status === 200).length, 10)
      t.equal(answers.filter(({ status }) => status === 429).length, 30)
      t.ok(await countMessages(app) <= 10)
    }
  })
}

t.test('0 turns a limit off', async (t) => {
  const app = await build(t, { env: { LIMIT_SENDS_PER_PHONE_HOUR: '0', LIMIT_SENDS_PER_PHONE_DAY: '0' }, clock: createClock() })
  const answers = await Promise.all(Array.from({ length: 200 }, async () => await login(app)))
  t.ok(answers.every(({ status }) => status === 200))
})

t.test('what a client writes into X-Forwarded-For counts for nothing', async (t) => {
  const app = await build(t, { env: { LIMIT_SENDS_PER_ADDRESS_HOUR: '2' } })
  for (let count = 0; count < 2; count++) t.match(await login(app, { forwarded: `203.0.113.${count}` }), sent)
  t.match(await login(app, { forwarded: '203.0.113.99' }), limited)
})

t.test('behind a proxy of TRUST_PROXY the address is the one that the proxy saw', async (t) => {
  const app = await build(t, { env: { LIMIT_SENDS_PER_ADDRESS_HOUR: '2', TRUST_PROXY: '10.0.0.0/8' } })
  const proxy = '10.1.2.3'
  for (let count = 0; count < 2; count++) {
    t.match(await login(app, { remoteAddress: proxy, forwarded: `192.0.2.${count}, 203.0.113.5` }), sent, 'the client wrote the first part')
  }
  t.match(await login(app, { remoteAddress: proxy, forwarded: '192.0.2.77, 203.0.113.5' }), limited)
  t.match(await login(app, { remoteAddress: proxy, forwarded: '203.0.113.6' }), sent)
  t.match(await login(app, { remoteAddress: '198.51.100.1', forwarded: '203.0.113.5' }), sent, 'not from a proxy: not believed, so another address')
})

t.test('a known client is not kept out by what its neighbours used up, but by what the service may spend', async (t) => {
  const app = await build(t, { env: { LIMIT_SENDS_PER_ADDRESS_HOUR: '2', LIMIT_SENDS_PER_PREFIX: '2', LIMIT_VERIFIES_PER_ADDRESS_HOUR: '1', LIMIT_SENDS_PER_DAY: '4' } })
  const owner = await signUp(app, { phone: '+919812340001' })
  const known = { phone_number: owner.phone, device_token: owner.deviceToken }
  await login(app, { remoteAddress: '127.0.0.1' }, '+919812340002')
  t.match(await login(app, { remoteAddress: '127.0.0.1' }, '+919812340003'), limited)
  t.match(await postJson(app, '/login', known), sent)
  t.match(await postJson(app, '/verify', { ...known, otp: '12345' }), { status: 401 })
  t.match(await login(app, { remoteAddress: '127.0.0.2' }), sent)
  const other = await postJson(app, '/login', known)
  t.match(other, sent, 'the last SMS is still good')
  t.match(await login(app, { remoteAddress: '127.0.0.3' }), limited)
})

t.test('which limit refused is in the log and not in the answer', async (t) => {
  const app = await build(t, { env: { LIMIT_SENDS_PER_DAY: '1' } })
  const events = t.capture(app.securityLog, 'record', app.securityLog.record)
  await login(app)
  const { body } = await login(app)
  t.match(events().map(({ args }) => args), [['otp.sent'], ['otp.refused', { reason: 'sends_per_day' }]])
  t.notMatch(JSON.stringify(body), /day|limit:/)
})

t.test('a limit is released when the code could not be issued', async (t) => {
  const app = await build(t, { env: { LIMIT_SENDS_PER_DAY: '1' } })
  const { restore } = t.intercept(app.otp, 'request', {
    value: async () => { throw new UnavailableError('redis') }
  })
  t.match(await login(app), { status: 503 })
  restore()
  t.match(await login(app), sent)
})

t.test('limits that cannot be asked refuse: no SMS goes out and no code is tried', async (t) => {
  const app = await build(t, { env: { LIMIT_SENDS_PER_DAY: '100' } })
  const fail = async (): Promise<never> => { throw new UnavailableError('redis') }
  t.intercept(app.limits, 'acquireSend', { value: fail })
  t.intercept(app.limits, 'acquireVerify', { value: fail })
  const down = { status: 503, body: { code: 'CHR_UNAVAILABLE' }, headers: { 'retry-after': '1' } }
  t.match(await login(app), down)
  t.match(await post(app, '/verify', { phone_number: createPhone(), otp: '123456' }), down)
  t.equal(await countMessages(app), 0)
})

t.test('a request whose twin took the last of a limit gets the answer of its twin', async (t) => {
  const app = await build(t)
  const phone = createPhone()
  const { acquireSend } = app.limits
  let hasTwin = false
  t.intercept(app.limits, 'acquireSend', {
    value: async (...args: Parameters<typeof acquireSend>) => {
      if (hasTwin) return await acquireSend(...args)
      hasTwin = true
      t.match(await login(app, {}, phone), sent)
      throw new RateLimitedError('sends_per_day', 60)
    }
  })
  t.intercept(app.limits, 'isOff', { value: false })
  t.match(await login(app, {}, phone), sent)
  await until('the one SMS is there', () => app.carrier?.messages().length === 1)
})
