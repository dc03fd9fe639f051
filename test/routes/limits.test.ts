import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { RateLimitedError, UnavailableError } from '../../src/http/errors.ts'
import { serviceUrl } from '../support/databases.ts'
import { build, createClock, createPhone, postJson, signUp } from '../support/helper.ts'
import { until } from '../support/polling.ts'

const limited = { status: 429, body: { code: 'CHR_RATE_LIMITED' }, headers: { 'retry-after': /^\d+$/ } }
const sent = { status: 200, body: { message: 'OTP sent successfully' } }

interface RequestContext { remoteAddress?: string, forwarded?: string }

async function post (
  app: FastifyInstance, url: string, payload: object, { remoteAddress = '198.51.100.7', forwarded }: RequestContext = {}
) {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }
  const response = await app.inject({ method: 'POST', url, payload, headers, remoteAddress })
  return { status: response.statusCode, body: response.json(), headers: response.headers }
}

const login = async (app: FastifyInstance, context?: RequestContext, phone = createPhone()) => await post(
  app, '/login', { phone_number: phone }, context
)

async function countMessages (app: FastifyInstance): Promise<number> {
  await new Promise((resolve) => setImmediate(resolve))
  return app.carrier?.messages().length ?? 0
}

for (const [where, redis] of [['in memory', {}], ['in Redis', { REDIS_URL: serviceUrl('TEST_REDIS_URL') }]] as const) {
  const open = async (t: Test, env: Record<string, string>) => await build(t, { env: { ...redis, ...env } })

  t.test(`${where}: the SMS that an address requests are limited, and requests that send none do not count`, async (t) => {
    const app = await open(t, { LIMIT_SENDS_PER_ADDRESS_HOUR: '3' })
    const phone = createPhone()
    for (let count = 0; count < 6; count++) t.match(await login(app, {}, phone), sent, 'repeated requests send one SMS')
    for (let count = 0; count < 2; count++) t.match(await login(app), sent)
    t.match(await login(app), limited)
    t.match(await login(app, { remoteAddress: '198.51.100.8' }), sent, 'another address is not limited')
  })

  t.test(`${where}: 20 identical concurrent requests send one SMS, and a repetition succeeds although the limit is used up`, async (t) => {
    const app = await open(t, { LIMIT_SENDS_PER_ADDRESS_HOUR: '1' })
    const phone = createPhone()
    const responses = await Promise.all(Array.from({ length: 20 }, async () => await login(app, {}, phone)))
    // A request gets 429 only after the first request is counted and before its SMS is issued.
    t.comment(responses.map(({ status }) => status).join(' '))
    t.ok(responses.every(({ status }) => [200, 429].includes(status)) && responses.some(({ status }) => status === 200))
    t.match(await login(app, {}, phone), sent)
    t.match(await login(app), limited)
    await until('the SMS arrives', () => (app.carrier?.messages({ to: phone }) ?? []).length === 1)
  })

  t.test(`${where}: IPv6 addresses are counted by their /64`, async (t) => {
    const app = await open(t, { LIMIT_SENDS_PER_ADDRESS_HOUR: '2' })
    for (const remoteAddress of ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9']) t.match(await login(app, { remoteAddress }), sent)
    t.match(await login(app, { remoteAddress: '2001:db8:1:2:aaaa:bbbb:cccc:dddd' }), limited)
    t.match(await login(app, { remoteAddress: '2001:db8:1:3::1' }), sent)
  })

  t.test(`${where}: the numbers that an address requests codes for are limited, and each number counts once`, async (t) => {
    const app = await open(t, { LIMIT_PHONES_PER_ADDRESS_HOUR: '2' })
    const phones = [createPhone(), createPhone()]
    for (const phone of [...phones, ...phones]) t.match(await login(app, {}, phone), sent)
    t.match(await login(app), limited)
    t.match(await login(app, {}, phones[0]), sent)
  })

  t.test(`${where}: the codes that an address submits are limited across all numbers`, async (t) => {
    const app = await open(t, { LIMIT_VERIFIES_PER_ADDRESS_HOUR: '2' })
    for (let count = 0; count < 2; count++) {
      t.match(await post(app, '/verify', {
        phone_number: createPhone(), otp: '123456'
      }), { status: 401 })
    }
    t.match(await post(app, '/verify', { phone_number: createPhone(), otp: '123456' }), limited)
    t.match(await post(app, '/signup', { phone_number: createPhone(), otp: '123456' }), limited, 'POST /signup with a code is limited too')
    t.match(await post(app, '/verify', { phone_number: createPhone(), otp: '123456' }, { remoteAddress: '203.0.113.1' }), { status: 401 })
  })

  t.test(`${where}: SMS to one number are limited per hour and per day`, async (t) => {
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

  t.test(`${where}: a flood of SMS to a prefix or of the whole service stops at the limit`, async (t) => {
    const [byPrefix, byMinute, byDay] = [
      await open(t, { LIMIT_SENDS_PER_PREFIX: '10' }),
      await open(t, { LIMIT_SENDS_PER_MINUTE: '10' }),
      await open(t, { LIMIT_SENDS_PER_DAY: '10' })
    ]
    const neighbours = Array.from({ length: 40 }, (_none, index) => `+91981234${String(1000 + index)}`)
    const floods: Array<[FastifyInstance, string[]]> = [
      [byPrefix, neighbours], [byMinute, neighbours.map(createPhone)], [byDay, neighbours.map(createPhone)]
    ]
    for (const [app, phones] of floods) {
      const responses = await Promise.all(phones.map(async (phone, index) => await login(app, {
        remoteAddress: `198.51.100.${index}`
      }, phone)))
      t.equal(responses.filter(({ status }) => status === 200).length, 10)
      t.equal(responses.filter(({ status }) => status === 429).length, 30)
      t.ok(await countMessages(app) <= 10)
    }
  })
}

t.test('0 turns a limit off', async (t) => {
  const app = await build(t, { env: { LIMIT_SENDS_PER_PHONE_HOUR: '0', LIMIT_SENDS_PER_PHONE_DAY: '0' }, clock: createClock() })
  const responses = await Promise.all(Array.from({ length: 200 }, async () => await login(app)))
  t.ok(responses.every(({ status }) => status === 200))
})

t.test('X-Forwarded-For is ignored without a trusted proxy', async (t) => {
  const app = await build(t, { env: { LIMIT_SENDS_PER_ADDRESS_HOUR: '2' } })
  for (let count = 0; count < 2; count++) t.match(await login(app, { forwarded: `203.0.113.${count}` }), sent)
  t.match(await login(app, { forwarded: '203.0.113.99' }), limited)
})

t.test('the client address behind a proxy of TRUST_PROXY is the one that the proxy saw', async (t) => {
  const app = await build(t, { env: { LIMIT_SENDS_PER_ADDRESS_HOUR: '2', TRUST_PROXY: '10.0.0.0/8' } })
  const proxy = '10.1.2.3'
  for (let count = 0; count < 2; count++) {
    t.match(await login(app, {
      remoteAddress: proxy, forwarded: `192.0.2.${count}, 203.0.113.5`
    }), sent, 'the address from the client is ignored')
  }
  t.match(await login(app, { remoteAddress: proxy, forwarded: '192.0.2.77, 203.0.113.5' }), limited)
  t.match(await login(app, { remoteAddress: proxy, forwarded: '203.0.113.6' }), sent)
  t.match(await login(app, {
    remoteAddress: '198.51.100.1', forwarded: '203.0.113.5'
  }), sent, 'X-Forwarded-For is ignored when the sender is not a trusted proxy')
})

t.test('ports and brackets of X-Forwarded-For neither share nor split the limits of an address', async (t) => {
  const proxy = '10.1.2.3'
  const rows: Array<[first: string, second: string, other: string]> = [
    ['203.0.113.5:4121', '203.0.113.5:80', '203.0.113.6:4121'],
    ['203.0.113.5:4121', '192.0.2.1, 203.0.113.5', '203.0.113.5:4121, 203.0.113.6'],
    ['[2001:db8::1]:443', '2001:db8::2', '[2001:db8:0:1::1]:443'],
    ['[::ffff:203.0.113.5]:443', '::ffff:203.0.113.5', '203.0.113.6'],
    ['203.0.113.5:1, 10.9.9.9:2', '203.0.113.5, , 10.9.9.9', '203.0.113.6, [::ffff:10.9.9.9]:1'],
    ['203.0.113.5', 'unknown, 203.0.113.5:9', '203.0.113.6'],
    ['192.0.2.1, unknown', '192.0.2.2, _hidden', '192.0.2.1'],
    ['fe80::1%eth0', '[fe80::2%25eth1]:443', 'fe80:0:0:1::1']
  ]
  for (const [first, second, other] of rows) {
    const app = await build(t, { env: { LIMIT_SENDS_PER_ADDRESS_HOUR: '1', TRUST_PROXY: 'uniquelocal' } })
    t.match(await login(app, { remoteAddress: proxy, forwarded: first }), sent, first)
    t.match(await login(app, { remoteAddress: proxy, forwarded: second }), limited, `${second} has the limit of ${first}`)
    t.match(await login(app, { remoteAddress: proxy, forwarded: other }), sent, `${other} has another limit`)
  }
})

t.test('a client cannot choose its address by entries before the one that the proxy wrote', async (t) => {
  const app = await build(t, { env: { LIMIT_SENDS_PER_ADDRESS_HOUR: '1', TRUST_PROXY: 'uniquelocal' } })
  t.match(await login(app, { remoteAddress: '10.1.2.3', forwarded: '203.0.113.5:4121' }), sent)
  const forgeries = [
    '192.0.2.1', '192.0.2.2:80', '[2001:db8::1]:443', '10.0.0.1', '10.0.0.1, 192.0.2.3', 'unknown', '', ',', '"', '192.0.2.4,,'
  ]
  for (const forged of forgeries) {
    t.match(await login(app, { remoteAddress: '10.1.2.3', forwarded: `${forged}, 203.0.113.5:1${forged.length}` }), limited, forged)
  }
  t.match(await login(app, { remoteAddress: '203.0.113.5', forwarded: '10.0.0.1, 192.0.2.5' }), limited, 'and not without a proxy')
})

t.test('a known device is exempt from the limits of its address and prefix, but not from those of the service', async (t) => {
  const app = await build(t, {
    env: { LIMIT_SENDS_PER_ADDRESS_HOUR: '2', LIMIT_SENDS_PER_PREFIX: '2', LIMIT_VERIFIES_PER_ADDRESS_HOUR: '1', LIMIT_SENDS_PER_DAY: '4' }
  })
  const owner = await signUp(app, { phone: '+919812340001' })
  const known = { phone_number: owner.phone, device_token: owner.deviceToken }
  await login(app, { remoteAddress: '127.0.0.1' }, '+919812340002')
  t.match(await login(app, { remoteAddress: '127.0.0.1' }, '+919812340003'), limited)
  t.match(await postJson(app, '/login', known), sent)
  t.match(await postJson(app, '/verify', { ...known, otp: '12345' }), { status: 401 })
  t.match(await login(app, { remoteAddress: '127.0.0.2' }), sent)
  const other = await postJson(app, '/login', known)
  t.match(other, sent, 'the previous code is still valid, so no SMS is needed')
  t.match(await login(app, { remoteAddress: '127.0.0.3' }), limited)
})

t.test('the log and the response name the exceeded limit', async (t) => {
  const app = await build(t, { env: { LIMIT_SENDS_PER_DAY: '1' } })
  const events = t.capture(app.securityLog, 'record', app.securityLog.record)
  await login(app)
  const { body } = await login(app)
  t.match(events().map(({ args }) => args), [['otp.sent'], ['otp.refused', { reason: 'sends_per_day' }]])
  t.match(body, { code: 'CHR_RATE_LIMITED', limit: 'sends_per_day', retry_after: Number, error: /^Too many requests\. Try again in \d+ hours\.$/ })
})

t.test('a limit is released when the code cannot be issued', async (t) => {
  const app = await build(t, { env: { LIMIT_SENDS_PER_DAY: '1' } })
  const { restore } = t.intercept(app.otp, 'request', {
    value: async () => { throw new UnavailableError('redis') }
  })
  t.match(await login(app), { status: 503 })
  restore()
  t.match(await login(app), sent)
})

t.test('requests fail without an SMS and without checking a code while the limits are unavailable', async (t) => {
  const app = await build(t, { env: { LIMIT_SENDS_PER_DAY: '100' } })
  const fail = async (): Promise<never> => { throw new UnavailableError('redis') }
  t.intercept(app.limits, 'acquireSend', { value: fail })
  t.intercept(app.limits, 'acquireVerify', { value: fail })
  const down = { status: 503, body: { code: 'CHR_UNAVAILABLE' }, headers: { 'retry-after': '1' } }
  t.match(await login(app), down)
  t.match(await post(app, '/verify', { phone_number: createPhone(), otp: '123456' }), down)
  t.equal(await countMessages(app), 0)
})

t.test('a request that finds its limit used up by an identical concurrent request gets the same response', async (t) => {
  const app = await build(t)
  const phone = createPhone()
  const { acquireSend } = app.limits
  let hasDuplicate = false
  t.intercept(app.limits, 'acquireSend', {
    value: async (...args: Parameters<typeof acquireSend>) => {
      if (hasDuplicate) return await acquireSend(...args)
      hasDuplicate = true
      t.match(await login(app, {}, phone), sent)
      throw new RateLimitedError('sends_per_day', 60)
    }
  })
  t.intercept(app.limits, 'isOff', { value: false })
  t.match(await login(app, {}, phone), sent)
  await until('one SMS arrives', () => app.carrier?.messages().length === 1)
})
