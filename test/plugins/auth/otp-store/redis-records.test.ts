import t from 'tap'
import { day, minute, second, type TestNumber } from '../../../contracts/otp-store/number.ts'
import { connect } from '../../../contracts/otp-store/redis-store.ts'
import { serviceUrl } from '../../../support/databases.ts'
import { build, createPhone } from '../../../support/helper.ts'
import { edit, readFields, setUp, type Client } from './records.ts'

async function findKeys (client: Client, text: string): Promise<string[]> {
  const keys: string[] = []
  let cursor = '0'
  do {
    const [next, found] = await client.call('SCAN', cursor, 'MATCH', `*${text}*`, 'COUNT', 1000) as [string, string[]]
    keys.push(...found)
    cursor = next
  } while (cursor !== '0')
  return keys
}

/** The states of a number that leave keys in Redis, each with the steps that lead to it. */
const states: Record<string, (number: TestNumber) => Promise<void>> = {
  sent: async (number) => { await number.send() },
  'sent again': async (number) => { await number.send(); number.pass(30 * second); await number.send(); await number.send('Usha') },
  'after a guess without a code': async (number) => { await number.guess(1) },
  'after a wrong code': async (number) => { await number.send(); await number.guess(1) },
  locked: async (number) => { await number.send(); await number.guess(5) },
  'without a required name': async (number) => { await number.answer(await number.challenge(''), false) },
  'signed in': async (number) => { await number.answer(await number.challenge()) }
}

for (const [state, reachState] of Object.entries(states)) {
  t.test(`every key of a number in the state "${state}" expires and has the hash tag of the number`, async (t) => {
    const { client, number } = await setUp(t)
    await reachState(number)
    const keys = await findKeys(client, number.key.tag)
    t.ok(keys.length > 0)
    for (const key of keys) {
      t.match(key, new RegExp(`^otp:\\{${number.key.tag}\\}:[^{}]+$`))
      const remainingMs = await client.pttl(key)
      t.ok(remainingMs > 0 && remainingMs <= 400 * day, `${key}: ${remainingMs} ms`)
    }
  })
}

t.test('a key expires together with its record', async (t) => {
  const { client, number, phoneKey, challengeKey, usedKey } = await setUp(t)
  const check = async (key: string, life: number) => {
    const remainingMs = await client.pttl(key)
    t.ok(remainingMs > life - minute && remainingMs <= life, `${key.split('}')[1]}: ${remainingMs} ms of ${life}`)
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

t.test('no stored key or value contains the number, the name or the code', async (t) => {
  const app = await build(t, { env: { REDIS_URL: serviceUrl('TEST_REDIS_URL'), OTP_LENGTH: '10' } })
  const client = await connect(t)
  const phone = createPhone()
  const sent = await app.otp.request({ phone, name: 'Ashalata Raghunathan' })
  const code = (await app.otp.open('challengeId' in sent ? sent.challengeId : ''))?.code ?? ''
  t.match(code, /^\d{10}$/)
  await app.otp.verify({ phone, code: '0000000000', canRegister: true })
  const stored = async () => {
    const keys = await findKeys(client, app.secrets.hashPhone(phone))
    return await Promise.all(keys.map(async (key) => [key, await client.get(key)]))
  }
  const before = await stored()
  t.equal((await app.otp.verify({ phone, code, canRegister: true })).kind, 'right')
  const after = await stored()
  t.strictSame([before.length, after.length], [2, 2], 'a challenge and a phone record exist, and later a used code and the phone record')
  const dump = JSON.stringify([before, after])
  const plainTexts = [phone.slice(1), phone.slice(3), code, 'Ashalata', 'Raghunathan']
  for (const text of plainTexts.flatMap((text) => [
    text, Buffer.from(text).toString('hex'), Buffer.from(text).toString('base64url').slice(0, -2)
  ])) {
    t.notOk(dump.includes(text), text)
  }
})

t.test('ending the cooldown of a number changes neither its other fields nor its expiry', async (t) => {
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
  const remainingMs = await client.pttl(phoneKey)
  t.ok(remainingMs > 4 * minute && remainingMs <= 5 * minute, `${remainingMs} ms`)
  t.match(await number.send(), { kind: 'sent', sendAttempt: 1 })
})

t.test('ending the cooldown of an unknown number creates no key', async (t) => {
  const { client, store, number } = await setUp(t)
  await store.revoke(number.key, { endsCooldown: true })
  t.strictSame(await findKeys(client, number.key.tag), [])
})

t.test('unknown fields of a record are not stored again', async (t) => {
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
