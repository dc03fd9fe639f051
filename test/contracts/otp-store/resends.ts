import type { Test } from 'tap'
import type { OtpStore } from '../../../plugins/auth/otp-store/contract.ts'
import { createNumber, day, hour, second, type MakeStore, type NumberOptions, type TestNumber } from './number.ts'

const limits = { sendsPerHour: 2, sendsPerDay: 3 }

/** Creates a number with a live challenge. */
async function start (store: OtpStore, options: NumberOptions = {}): Promise<{ number: TestNumber, challengeId: string }> {
  const number = createNumber(store, options)
  return { number, challengeId: await number.challenge() }
}

export function testResends (t: Test, makeStore: MakeStore): void {
  t.test('the time of the next SMS is exact to the millisecond, during the cooldown and after it', async (t) => {
    const store = await makeStore(t)
    const { number, challengeId } = await start(store)
    const allowedAt = number.now + 30 * second
    number.pass(30 * second - 1)
    t.match(await number.send(), { kind: 'waiting', challengeId, nextSendAt: allowedAt })
    number.pass(1)
    t.equal((await number.send()).kind, 'sent')
  })

  t.test('the next SMS is allowed at once after the code was used', async (t) => {
    const store = await makeStore(t)
    const { number, challengeId } = await start(store)
    await number.answer(challengeId)
    t.equal((await number.send()).kind, 'sent')
  })

  t.test('the time of the next SMS includes a lockout, and the day of a closed number', async (t) => {
    const store = await makeStore(t)
    const { number } = await start(store)
    await number.guess(5)
    t.match(await number.send(), { kind: 'locked', retryAt: number.now + 30 * second })
    for (let failures = 5; failures < 100; failures += 5) {
      number.pass(day)
      await number.send()
      await number.guess(5)
    }
    number.pass(2 * day)
    t.match(await number.send(), { kind: 'locked', retryAt: number.now + day })
  })

  t.test('the time of the next SMS includes the hourly and the daily limit', async (t) => {
    const store = await makeStore(t)
    const { number } = await start(store, limits)
    const { now } = number
    number.pass(30 * second)
    for (const kind of ['sent', 'waiting']) t.match(await number.send(), { kind, nextSendAt: now + hour })
    number.pass(hour)
    t.match(await number.send(), { kind: 'sent', nextSendAt: now + day })
    number.pass(hour)
    t.match(await number.send(), { kind: 'limited', retryAt: now + day })
  })

  t.test('the next SMS of a trusted device is allowed after its cooldown while its allowance lasts', async (t) => {
    const store = await makeStore(t)
    const number = createNumber(store, { sendsPerHour: 1, device: 'device' })
    const start = number.now
    for (const kind of ['sent', 'waiting']) t.match(await number.send(), { kind, nextSendAt: number.now + 30 * second })
    for (let count = 0; count < 3; count++) {
      number.pass(300 * second)
      t.match(await number.send(), { kind: 'sent', usesDeviceAllowance: true })
    }
    number.pass(300 * second)
    t.match(await number.send(), { kind: 'limited', retryAt: start + hour })
  })

  t.test('freeResend ends the cooldown at once, and a repeat has no effect', async (t) => {
    const store = await makeStore(t)
    const { number, challengeId } = await start(store)
    for (let count = 0; count < 2; count++) await store.freeResend({ challengeId, sendAttempt: 1 }, number.now)
    t.match(await number.send(), {
      kind: 'sent', challengeId, sendAttempt: 2, nextSendAt: number.now + 60 * second
    }, 'the cooldown keeps growing')
    await store.freeResend({ challengeId, sendAttempt: 1 }, number.now)
    t.equal((await number.send()).kind, 'waiting', 'a late repeat for the first SMS has no effect')
  })

  t.test('freeResend does not change the counts, so failures do not raise the number of SMS', async (t) => {
    const store = await makeStore(t)
    const { number, challengeId } = await start(store, limits)
    await store.freeResend({ challengeId, sendAttempt: 1 }, number.now)
    await number.send()
    await store.freeResend({ challengeId, sendAttempt: 2 }, number.now)
    t.match(await number.send(), { kind: 'limited', retryAt: number.now + hour })
  })

  t.test('freeResend ignores another send, another challenge and an expired challenge', async (t) => {
    const store = await makeStore(t)
    const { number, challengeId } = await start(store, { ttlMs: 20 * second, resendMs: 30 * second })
    const allowedAt = number.now + 30 * second
    await store.freeResend({ challengeId, sendAttempt: 2 }, number.now)
    await store.freeResend({ challengeId: `${challengeId}x`, sendAttempt: 1 }, number.now)
    await store.freeResend({ challengeId: 'unknown.login.id', sendAttempt: 1 }, number.now)
    number.pass(20 * second)
    await store.freeResend({ challengeId, sendAttempt: 1 }, number.now)
    t.match(await number.send(), { kind: 'too_soon', retryAt: allowedAt })
  })

  t.test('freeResend does not end a lockout', async (t) => {
    const store = await makeStore(t)
    const { number, challengeId } = await start(store)
    const change = createNumber(store, { of: number, purpose: 'change-7' })
    await number.guess(5)
    await store.freeResend({ challengeId, sendAttempt: 1 }, number.now)
    t.equal((await change.send()).kind, 'locked')
  })
}
