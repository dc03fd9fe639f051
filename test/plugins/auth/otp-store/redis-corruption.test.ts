import t from 'tap'
import { createPhoneRecord } from '../../../../src/domain/auth/challenge-records.ts'
import { createNumber, second } from '../../../contracts/otp-store/number.ts'
import { edit, readFields, setUp, type Client } from './records.ts'

async function replace (client: Client, key: string, text: string): Promise<void> {
  await client.set(key, text, 'EX', 60)
}

const corruptions: Record<string, (client: Client, key: string) => Promise<unknown>> = {
  'of another version': async (client, key) => await edit(client, key, 'v', '2'),
  'of a version that is a string': async (client, key) => await edit(client, key, 'v', '"1"'),
  'without a version': async (client, key) => await edit(client, key, 'v', undefined),
  'not JSON': async (client, key) => await replace(client, key, 'text'),
  'an empty string': async (client, key) => await replace(client, key, ''),
  truncated: async (client, key) => await replace(client, key, (await client.get(key) ?? '').slice(0, -1)),
  'a JSON array': async (client, key) => await replace(client, key, '[1]'),
  'a JSON string': async (client, key) => await replace(client, key, '"text"'),
  'a JSON number': async (client, key) => await replace(client, key, '1'),
  'JSON null': async (client, key) => await replace(client, key, 'null'),
  'a Redis list': async (client, key) => { await client.del(key); await client.lpush(key, 'text'); await client.expire(key, 60) },
  'a Redis hash': async (client, key) => { await client.del(key); await client.hset(key, 'v', '1'); await client.expire(key, 60) },
  deleted: async (client, key) => await client.del(key)
}

for (const [description, corrupt] of Object.entries(corruptions)) {
  t.test(`a challenge that is ${description} counts as absent`, async (t) => {
    const { client, store, number, challengeKey } = await setUp(t)
    const id = await number.challenge()
    await corrupt(client, challengeKey)
    t.equal(await store.find(id, number.now), undefined)
    t.strictSame(await number.answer(id), { kind: 'wrong' })
    number.pass(30 * second)
    t.match(await number.send(), { kind: 'sent', sendAttempt: 1 })
  })

  t.test(`a record that is ${description} counts as absent`, async (t) => {
    const { client, store, number, phoneKey } = await setUp(t)
    await number.challenge()
    await number.guess(5)
    await corrupt(client, phoneKey)
    await store.revoke(number.key, { endsCooldown: true })
    t.match(await number.send(), { kind: 'sent', nextSendAt: number.now + 30 * second })
    await corrupt(client, phoneKey)
    t.strictSame(await number.guess(5), Array(5).fill('wrong'))
    t.strictSame(await number.answer('guessed'), { kind: 'locked', retryAt: number.now + 30 * second })
  })

  t.test(`a used code that is ${description} counts as absent`, async (t) => {
    const { client, number, usedKey } = await setUp(t)
    const id = await number.challenge()
    await number.answer(id)
    await corrupt(client, usedKey)
    for (let count = 0; count < 5; count++) t.strictSame(await number.answer(id), { kind: 'wrong' })
    t.equal((await number.answer(id)).kind, 'locked')
  })
}

const textFields = ['id', 'secretId', 'sealed', 'check', 'nameTag']
const numberFields = ['nameRequests', 'sends', 'createdAt', 'expiresAt']

for (const field of [...textFields, 'isNameDisputed', ...numberFields]) {
  for (const [description, json] of [['without', undefined], ['with null as', 'null'], ['with an array as', '[]']] as const) {
    t.test(`a challenge ${description} ${field} counts as absent`, async (t) => {
      const { client, store, number, challengeKey } = await setUp(t)
      const id = await number.challenge()
      await edit(client, challengeKey, field, json)
      if (['id', 'secretId', 'sealed', 'expiresAt'].includes(field)) t.equal(await store.find(id, number.now), undefined)
      t.strictSame(await number.send(), { kind: 'too_soon', retryAt: number.now + 30 * second })
      t.strictSame(await number.answer(id), { kind: 'wrong' })
    })
  }
}

for (const field of textFields) {
  t.test(`a challenge with a number as ${field} counts as absent`, async (t) => {
    const { client, store, number, challengeKey } = await setUp(t)
    const id = await number.challenge()
    await edit(client, challengeKey, field, '5')
    if (['id', 'secretId', 'sealed'].includes(field)) t.equal(await store.find(id, number.now), undefined)
    t.strictSame(await number.answer(id), { kind: 'wrong' })
  })
}

for (const json of ['""', '"x"', '"5"', '"nan"', '"inf"', '"-inf"', 'NaN', '1e999', '-1', '0.5', '1e300', 'null', 'true', '{}', '[]']) {
  t.test(`a record or challenge with ${json} in a number field counts as absent`, async (t) => {
    const { client, store, number, phoneKey, challengeKey, usedKey } = await setUp(t)
    for (const field of numberFields) {
      await client.del(phoneKey, challengeKey)
      const id = await number.challenge()
      await edit(client, challengeKey, field, json)
      if (field === 'expiresAt') t.equal(await store.find(id, number.now), undefined)
      t.strictSame(await number.answer(id), { kind: 'wrong' }, `challenge ${field}`)
    }
    for (const field of Object.keys(createPhoneRecord())) {
      await client.del(phoneKey, challengeKey)
      await number.challenge()
      await number.guess(4)
      await edit(client, phoneKey, field, json)
      t.equal((await number.guess(6)).at(-1), 'locked', `record ${field}`)
      const locked = await number.send()
      t.ok('retryAt' in locked && Number.isFinite(locked.retryAt), `record ${field}: ${JSON.stringify(locked)}`)
      await store.unlock(number.key.tag)
    }
    await client.del(phoneKey, challengeKey)
    const id = await number.challenge()
    await number.answer(id)
    await edit(client, usedKey, 'expiresAt', json)
    await number.guess(4)
    await number.answer(id)
    t.equal((await number.send()).kind, 'locked', 'a used code with an invalid expiry counts as absent')
  })
}

for (const json of ['"x"', '"3"', '-1', '0.5', '1e300', 'null']) {
  t.test(`${json} in a number field of a known device counts as 0`, async (t) => {
    const { client, store, number } = await setUp(t)
    const deviceKey = `otp:{${number.key.tag}}:device:known`
    await number.challenge()
    number.pass(60 * second)
    const device = createNumber(store, { of: number, device: 'known', sendsPerDay: 1 })
    t.match(await device.send(), { kind: 'sent' })
    t.match(await device.send(), { kind: 'waiting' })
    await edit(client, deviceKey, 'nextSendAt', json)
    t.match(await device.send(), { kind: 'sent' }, 'the cooldown has ended')
    for (const field of ['sends', 'since']) {
      device.pass(600 * second)
      await edit(client, deviceKey, 'sends', '3')
      t.match(await device.send(), { kind: 'limited' })
      await edit(client, deviceKey, field, json)
      t.match(await device.send(), { kind: 'sent' }, field)
    }
    t.ok(Object.values(await readFields(client, deviceKey)).every((value) => Number.isSafeInteger(value) && Number(value) >= 0))
  })
}
