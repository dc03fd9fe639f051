import type { Test } from 'tap'
import { createNumber, hour, second, type MakeStore } from './number.ts'

export function testSends (t: Test, makeStore: MakeStore): void {
  t.test('a resend repeats the challenge and so sends the same code', async (t) => {
    const number = createNumber(await makeStore(t))
    const sent = await number.send()
    const { now } = number
    if (sent.kind !== 'sent') throw new Error(sent.kind)
    const { challengeId } = sent
    t.strictSame(sent, {
      kind: 'sent', challengeId, sendAttempt: 1, expiresAt: now + 300 * second, nextSendAt: now + 30 * second, usesDeviceAllowance: false
    })
    number.pass(30 * second)
    t.strictSame(await number.send(), {
      kind: 'sent', challengeId, sendAttempt: 2, expiresAt: now + 330 * second, nextSendAt: now + 90 * second, usesDeviceAllowance: false
    })
    number.pass(329 * second - 30 * second)
    t.equal((await number.answer(challengeId)).kind, 'right', 'its lifetime counts from the resend')
  })

  t.test('a request during the cooldown sends no SMS and returns the same challenge', async (t) => {
    const number = createNumber(await makeStore(t))
    const sent = await number.send()
    if (sent.kind !== 'sent') throw new Error(sent.kind)
    const { usesDeviceAllowance: _usesDeviceAllowance, ...challenge } = sent
    number.pass(30 * second - 1)
    t.strictSame(await number.send(), { ...challenge, kind: 'waiting' })
    t.strictSame(await number.send(), { ...challenge, kind: 'waiting' }, 'a request changes nothing')
  })

  t.test('a request during the cooldown is too soon if the challenge has expired', async (t) => {
    const number = createNumber(await makeStore(t), { ttlMs: 20 * second, resendMs: 30 * second, sendsPerHour: 0, sendsPerDay: 0 })
    await number.send()
    number.pass(20 * second)
    t.strictSame(await number.send(), { kind: 'too_soon', retryAt: number.now + 10 * second })
  })

  t.test('the resend cooldown grows: 30, 60, 120, 300 s', async (t) => {
    const number = createNumber(await makeStore(t))
    for (const cooldown of [30, 60, 120, 300, 300]) {
      t.match(await number.send(), { kind: 'sent', nextSendAt: number.now + cooldown * second }, `${cooldown} s`)
      number.pass(cooldown * second - 1)
      t.match(await number.send(), { kind: 'waiting', nextSendAt: number.now + 1 })
      number.pass(1)
    }
  })

  t.test('the resend cooldown starts again after an hour without an SMS, and not before', async (t) => {
    const number = createNumber(await makeStore(t))
    await number.send()
    number.pass(hour - 1)
    t.match(await number.send(), { kind: 'sent', nextSendAt: number.now + 60 * second })
    number.pass(hour)
    t.match(await number.send(), { kind: 'sent', nextSendAt: number.now + 30 * second })
  })

  t.test('no cooldown is longer than the hour that resets it, so the reported time is exact', async (t) => {
    const number = createNumber(await makeStore(t), { ttlMs: 300 * second, resendMs: 600 * second })
    for (const cooldown of [600, 1200, 2400, 3600]) {
      t.match(await number.send(), { kind: 'sent', nextSendAt: number.now + cooldown * second })
      number.pass(cooldown * second - 1)
      t.match(await number.send(), { kind: 'too_soon', retryAt: number.now + 1 })
      number.pass(1)
    }
    t.match(await number.send(), { kind: 'sent', nextSendAt: number.now + 600 * second })
  })

  t.test('the resend cooldown starts again after a success', async (t) => {
    const number = createNumber(await makeStore(t))
    await number.send()
    number.pass(30 * second)
    await number.answer(await number.challenge())
    t.match(await number.send(), { kind: 'sent', sendAttempt: 1, nextSendAt: number.now + 30 * second }, 'the next send is allowed at once')
  })

  t.test('resends extend a challenge to ten minutes from its first send at most', async (t) => {
    const number = createNumber(await makeStore(t), { ttlMs: 300 * second, resendMs: 10 * second, sendsPerHour: 0, sendsPerDay: 0 })
    const end = number.now + 600 * second
    const challengeId = await number.challenge()
    for (const pause of [240, 200, 100]) {
      number.pass(pause * second)
      t.match(await number.send(), { kind: 'sent', challengeId, expiresAt: Math.min(number.now + 300 * second, end) })
    }
    number.pass(60 * second - 1)
    t.equal((await number.answer(challengeId)).kind, 'right')
  })

  t.test('a resend with under a minute left starts a new challenge, and the old code is invalid', async (t) => {
    const number = createNumber(await makeStore(t))
    const old = await number.challenge()
    number.pass(240 * second)
    t.match(await number.send(), { challengeId: old, sendAttempt: 2, expiresAt: number.now + 300 * second }, 'a minute left is enough')
    number.pass(240 * second + 1)
    const sent = await number.send()
    t.match(sent, { kind: 'sent', sendAttempt: 1, expiresAt: number.now + 300 * second })
    t.notMatch(sent, { challengeId: old })
    t.equal((await number.answer(old)).kind, 'wrong')
  })

  t.test('find returns a live challenge by its id, with the sealed data for its SMS', async (t) => {
    const store = await makeStore(t)
    const number = createNumber(store)
    const id = await number.challenge()
    const expiresAt = number.now + 300 * second
    t.match(await store.find(id, expiresAt - 1), { id, secretId: 'secret', sealed: `sealed ${id}`, expiresAt })
    t.equal(await store.find(id, expiresAt), undefined, 'the challenge has expired')
    t.equal(await store.find(`${number.key.tag}.login.other`, number.now), undefined, 'another challenge of the number')
    t.equal(await store.find(`${createNumber(store).key.tag}.login.other`, number.now), undefined, 'an unknown number')
    t.equal(await store.find('', number.now), undefined)
    await number.answer(id)
    t.equal(await store.find(id, number.now), undefined, 'the challenge was used')
  })
}
