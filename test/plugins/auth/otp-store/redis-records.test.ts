import t from 'tap'
import { day, minute, second, type TestNumber } from '../../../contracts/otp-store/number.ts'
import { connect } from '../../../contracts/otp-store/redis-store.ts'
import { serviceUrl } from '../../../support/databases.ts'
import { build, createPhone } from '../../../support/helper.ts'
import { edit, readFields, setUp, type Client } from './records.ts'

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
    const keys = await keysWith(client, number.key.tag)
    t.ok(keys.length > 0)
    for (const key of keys) {
      t.match(key, new RegExp(`^otp:\\{${number.key.tag}\\}:[^{}]+$`))
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
    return await Promise.all(keys.map(async (key) => [key, await client.get(key)]))
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

t.test('the gap of a number ends without a change of its other counts or its life', async (t) => {
  const { client, store, number, phoneKey } = await setUp(t)
  await number.challenge()
  await number.guess(1)
  await client.pexpire(phoneKey, 5 * minute)
  const before = await readFields(client, phoneKey)
  t.equal(before['nextSendAt'], number.now + 30 * second)
  await store.revoke(number.key, { endsCooldown: false })
  t.strictSame(await readFields(client, phoneKey), before)
  await store.revoke(number.key, { endsCooldown: true })
  t.strictSame(await readFields(client, phoneKey), { ...before, nextSendAt: 0 })
  const rest = await client.pttl(phoneKey)
  t.ok(rest > 4 * minute && rest <= 5 * minute, `${rest} ms`)
  t.match(await number.send(), { kind: 'sent', sendAttempt: 1 })
})

t.test('a gap that ends leaves nothing of a number that nothing is known of', async (t) => {
  const { client, store, number } = await setUp(t)
  await store.revoke(number.key, { endsCooldown: true })
  t.strictSame(await keysWith(client, number.key.tag), [])
})

t.test('what is in a record beyond its fields is not kept', async (t) => {
  const { client, store, number, phoneKey, challengeKey } = await setUp(t)
  const steps: Array<[string, (id: string) => Promise<unknown>]> = [
    [phoneKey, async () => await store.revoke(number.key, { endsCooldown: true })],
    [phoneKey, async () => await number.guess(1)],
    [challengeKey, async (id) => await number.answer(id, false)]
  ]
  for (const [key, step] of steps) {
    const id = await number.challenge('')
    const fields = Object.keys(await readFields(client, key)).sort()
    await edit(client, key, 'stranger', '1e999')
    await step(id)
    t.strictSame(Object.keys(await readFields(client, key)).sort(), fields)
  }
})
