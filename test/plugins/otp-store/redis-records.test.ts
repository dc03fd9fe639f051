import t, { type Test } from 'tap'
import { createRedisOtpStore } from '../../../plugins/otp-store/redis.ts'
import { createNumber, day, minute, second, type TestNumber } from '../../contracts/otp-store/number.ts'
import { connect } from '../../contracts/otp-store/redis-store.ts'
import { build, createPhone, serviceUrl } from '../../helper.ts'

type Client = Awaited<ReturnType<typeof connect>>

async function setUp (t: Test) {
  const client = await connect(t)
  const store = createRedisOtpStore(client)
  const number = createNumber(store)
  const { tag } = number.place
  return { client, store, number, phoneKey: `otp:{${tag}}:phone`, challengeKey: `otp:{${tag}}:login`, usedKey: `otp:{${tag}}:login:used` }
}

async function keysWith (client: Client, text: string): Promise<string[]> {
  const keys: string[] = []
  let cursor = '0'
  do {
    const [next, found] = await client.call('SCAN', cursor, 'MATCH', `*${text}*`, 'COUNT', 1000) as [string, string[]]
    keys.push(...found)
    cursor = next
  } while (cursor !== '0')
  return keys
}

/** Every state that a number leaves something of. */
const lives: Record<string, (number: TestNumber) => Promise<void>> = {
  sent: async (number) => { await number.send() },
  'sent again': async (number) => { await number.send(); number.pass(30 * second); await number.send(); await number.send('Usha') },
  missed: async (number) => { await number.guess(1) },
  failed: async (number) => { await number.send(); await number.guess(1) },
  waiting: async (number) => { await number.send(); await number.guess(5) },
  'asked for a name': async (number) => { await number.answer(await number.challenge(''), false) },
  'signed in': async (number) => { await number.answer(await number.challenge()) }
}

for (const [what, live] of Object.entries(lives)) {
  t.test(`every key of a number ${what} has an end and the number's hash tag`, async (t) => {
    const { client, number } = await setUp(t)
    await live(number)
    const keys = await keysWith(client, number.place.tag)
    t.ok(keys.length > 0)
    for (const key of keys) {
      t.match(key, new RegExp(`^otp:\\{${number.place.tag}\\}:[^{}]+$`))
      const rest = await client.pttl(key)
      t.ok(rest > 0 && rest <= 400 * day, `${key}: ${rest} ms`)
    }
  })
}

t.test('a key ends when its record does, and no sooner', async (t) => {
  const { client, number, phoneKey, challengeKey, usedKey } = await setUp(t)
  const check = async (key: string, life: number) => {
    const rest = await client.pttl(key)
    t.ok(rest > life - minute && rest <= life, `${key.split('}')[1]}: ${rest} ms of ${life}`)
  }
  const id = await number.challenge()
  await check(challengeKey, 300 * second)
  await check(phoneKey, day)
  await number.guess(1)
  await check(phoneKey, 400 * day)
  await number.answer(id)
  await check(usedKey, 300 * second)
  t.equal(await client.exists(challengeKey), 0)
  await check(phoneKey, day)
})

t.test('nothing that is stored holds the number, the name or the code', async (t) => {
  const app = await build(t, { env: { REDIS_URL: serviceUrl('TEST_REDIS_URL'), OTP_LENGTH: '10' } })
  const client = await connect(t)
  const phone = createPhone()
  const sent = await app.otp.request({ phone, name: 'Ashalata Raghunathan' })
  const code = (await app.otp.open('challengeId' in sent ? sent.challengeId : ''))?.code ?? ''
  t.match(code, /^\d{10}$/)
  await app.otp.verify({ phone, code: '0000000000', canRegister: true })
  const stored = async () => {
    const keys = await keysWith(client, app.secrets.hashPhone(phone))
    return await Promise.all(keys.map(async (key) => [key, await client.hgetall(key)]))
  }
  const before = await stored()
  t.equal((await app.otp.verify({ phone, code, canRegister: true })).kind, 'right')
  const after = await stored()
  t.strictSame([before.length, after.length], [2, 2], 'a challenge and a record, then a used code and the record')
  const dump = JSON.stringify([before, after])
  const clear = [phone.slice(1), phone.slice(3), code, 'Ashalata', 'Raghunathan']
  for (const text of clear.flatMap((text) => [text, Buffer.from(text).toString('hex'), Buffer.from(text).toString('base64url').slice(0, -2)])) {
    t.notOk(dump.includes(text), text)
  }
})

const corruptions: Record<string, (client: Client, key: string) => Promise<unknown>> = {
  'of another version': async (client, key) => await client.hset(key, 'v', '2'),
  'without a version': async (client, key) => await client.hdel(key, 'v'),
  'a string': async (client, key) => { await client.del(key); await client.set(key, 'text', 'EX', 60) },
  'a list': async (client, key) => { await client.del(key); await client.lpush(key, 'text'); await client.expire(key, 60) },
  gone: async (client, key) => await client.del(key)
}

for (const [what, corrupt] of Object.entries(corruptions)) {
  t.test(`a challenge that is ${what} counts as absent`, async (t) => {
    const { client, store, number, challengeKey } = await setUp(t)
    const id = await number.challenge()
    await corrupt(client, challengeKey)
    t.equal(await store.find(id, number.now), undefined)
    t.strictSame(await number.answer(id), { kind: 'wrong' })
    number.pass(30 * second)
    t.match(await number.send(), { kind: 'sent', send: 1 })
  })

  t.test(`a record that is ${what} counts as absent`, async (t) => {
    const { client, number, phoneKey } = await setUp(t)
    await number.challenge()
    await number.guess(5)
    await corrupt(client, phoneKey)
    t.match(await number.send(), { kind: 'sent', nextSendAt: number.now + 30 * second })
    await corrupt(client, phoneKey)
    t.strictSame(await number.guess(5), Array(5).fill('wrong'))
    t.strictSame(await number.answer('guessed'), { kind: 'locked', retryAt: number.now + 30 * second })
  })

  t.test(`a used code that is ${what} counts as absent`, async (t) => {
    const { client, number, usedKey } = await setUp(t)
    const id = await number.challenge()
    await number.answer(id)
    await corrupt(client, usedKey)
    for (let count = 0; count < 5; count++) t.strictSame(await number.answer(id), { kind: 'wrong' })
    t.equal((await number.answer(id)).kind, 'locked')
  })
}

for (const field of ['id', 'secretId', 'sealed', 'check', 'nameTag', 'disputed', 'nameRequests', 'sends', 'createdAt', 'expiresAt']) {
  t.test(`a challenge without ${field} counts as absent`, async (t) => {
    const { client, number, challengeKey } = await setUp(t)
    const id = await number.challenge()
    await client.hdel(challengeKey, field)
    t.strictSame(await number.send(), { kind: 'too_soon', retryAt: number.now + 30 * second })
    t.strictSame(await number.answer(id), { kind: 'wrong' })
  })
}

for (const value of ['', 'x', 'nan', 'inf', '-inf']) {
  t.test(`${JSON.stringify(value)} where a number belongs counts as absent`, async (t) => {
    const { client, number, phoneKey, challengeKey, usedKey } = await setUp(t)
    for (const field of ['nameRequests', 'sends', 'createdAt', 'expiresAt']) {
      await client.del(phoneKey, challengeKey)
      const id = await number.challenge()
      await client.hset(challengeKey, field, value)
      t.strictSame(await number.answer(id), { kind: 'wrong' }, `challenge ${field}`)
    }
    for (const field of ['failures', 'failedAt', 'misses', 'missedAt', 'lockedUntil', 'gaps', 'sentAt', 'nextSendAt']) {
      await client.del(phoneKey, challengeKey)
      await number.challenge()
      await number.guess(4)
      await client.hset(phoneKey, field, value)
      t.equal((await number.guess(6)).at(-1), 'locked', `record ${field}`)
      const locked = await number.send()
      t.ok('retryAt' in locked && Number.isFinite(locked.retryAt), `record ${field}: ${JSON.stringify(locked)}`)
    }
    await client.del(phoneKey, challengeKey)
    const id = await number.challenge()
    await number.answer(id)
    await client.hset(usedKey, 'expiresAt', value)
    await number.guess(4)
    await number.answer(id)
    t.equal((await number.send()).kind, 'locked', 'used code')
  })
}
