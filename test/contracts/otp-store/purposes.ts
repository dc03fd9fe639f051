import type { Test } from 'tap'
import { createNumber, day, hour, minute, second, type MakeStore } from './number.ts'

/** Tests what the purposes of one number share, and how its SMS are limited. */
export function testPurposes (t: Test, makeStore: MakeStore): void {
  t.test('a code is valid for its own purpose only', async (t) => {
    const store = await makeStore(t)
    const login = createNumber(store)
    const change = createNumber(store, { of: login, purpose: 'change-7', resendMs: 0 })
    const other = createNumber(store, { of: login, purpose: 'change-8', resendMs: 0 })
    const loginId = await login.challenge()
    login.pass(30 * second)
    change.join(login)
    other.join(login)
    const changeId = await change.challenge()
    t.equal((await other.send()).kind, 'sent')
    for (const [requester, id] of [
      [login, changeId], [change, loginId], [other, changeId]
    ] as const) t.equal((await requester.answer(id)).kind, 'wrong')
    t.equal((await change.answer(changeId)).kind, 'right')
    t.equal((await login.answer(loginId)).kind, 'right', 'the code of the other purpose is still valid')
  })

  t.test('failures of all purposes count for the number', async (t) => {
    const store = await makeStore(t)
    const login = createNumber(store)
    const change = createNumber(store, { of: login, purpose: 'change-7' })
    const loginId = await login.challenge()
    login.pass(30 * second)
    change.join(login)
    await change.challenge()
    await login.guess(2)
    await change.guess(2)
    await login.guess(1)
    for (const requester of [login, change]) {
      t.match(await requester.send(), { kind: 'locked', retryAt: login.now + 30 * second })
      t.match(await requester.answer(loginId), { kind: 'locked', retryAt: login.now + 30 * second })
    }
  })

  t.test('the resend cooldown belongs to the number', async (t) => {
    const store = await makeStore(t)
    const login = createNumber(store)
    await login.challenge()
    const change = createNumber(store, { of: login, purpose: 'change-7' })
    t.strictSame(await change.send(), { kind: 'too_soon', retryAt: login.now + 30 * second })
  })

  t.test('a revoked code is invalid, resets no counts, and allows the next SMS at once', async (t) => {
    const store = await makeStore(t)
    const number = createNumber(store)
    const id = await number.challenge()
    await number.guess(4)
    await store.revoke(number.key, { endsCooldown: true })
    t.equal(await store.find(id, number.now), undefined)
    t.equal((await number.answer(id)).kind, 'wrong')
    t.match(await number.send(), { kind: 'sent', sendAttempt: 1 })
    await number.guess(1)
    t.equal((await number.send()).kind, 'locked', 'the four earlier failures count')
    await store.revoke(createNumber(store).key, { endsCooldown: true })
  })

  t.test('SMS are counted per hour and per day, and a refusal has the exact retry time', async (t) => {
    const store = await makeStore(t)
    const number = createNumber(store, { resendMs: 10 * second, sendsPerHour: 3, sendsPerDay: 4 })
    const begin = number.now
    for (let count = 0; count < 3; count++) {
      t.equal((await number.send()).kind, 'sent')
      number.pass(10 * minute)
    }
    t.strictSame(await number.send(), { kind: 'limited', retryAt: begin + hour })
    number.pass(30 * minute - 1)
    t.equal((await number.send()).kind, 'limited')
    number.pass(1)
    t.equal((await number.send()).kind, 'sent')
    number.pass(2 * hour)
    t.strictSame(await number.send(), { kind: 'limited', retryAt: begin + day })
    number.pass(begin + day - number.now)
    t.equal((await number.send()).kind, 'sent')
  })

  t.test('a dry run has the outcome of a send, and starts nothing', async (t) => {
    const store = await makeStore(t)
    const number = createNumber(store, { sendsPerDay: 2 })
    const dryRun = createNumber(store, { of: number, sendsPerDay: 2, dryRun: true })
    for (let count = 0; count < 3; count++) t.strictSame(await dryRun.send(), { kind: 'dry_run' })
    const id = await number.challenge()
    t.match(await dryRun.send(), { kind: 'waiting', challengeId: id, sendAttempt: 1, nextSendAt: number.now + 30 * second })
    number.pass(30 * second)
    dryRun.join(number)
    t.strictSame(await dryRun.send(), { kind: 'dry_run' })
    await number.challenge()
    number.pass(60 * second)
    dryRun.join(number)
    t.match(await dryRun.send(), { kind: 'limited' })
    const device = createNumber(store, { of: number, device: 'known', sendsPerDay: 2, dryRun: true })
    t.strictSame(await device.send(), { kind: 'dry_run' }, 'the device uses its allowance')
    await number.guess(5)
    t.match(await dryRun.send(), { kind: 'locked' })
    t.strictSame(await device.send(), { kind: 'dry_run' })
  })

  t.test('the name of a refused send disputes the earlier name', async (t) => {
    const store = await makeStore(t)
    const number = createNumber(store, { sendsPerHour: 1 })
    const id = await number.challenge('Mallory')
    number.pass(30 * second)
    t.equal((await number.send('')).kind, 'limited')
    t.equal((await number.answer(id, false)).kind, 'name_required')
  })

  t.test('a code can be revoked without ending its cooldown', async (t) => {
    const store = await makeStore(t)
    const number = createNumber(store)
    await number.challenge()
    await store.revoke(number.key, { endsCooldown: false })
    t.strictSame(await number.send(), { kind: 'too_soon', retryAt: number.now + 30 * second })
  })

  t.test('a challenge whose secret is no longer configured counts as absent', async (t) => {
    const store = await makeStore(t)
    const number = createNumber(store, { resendMs: 0 })
    const rotated = createNumber(store, { of: number, resendMs: 0, secretIds: ['another', 'third'] })
    const id = await number.challenge()
    t.match(await rotated.send(), { kind: 'sent', sendAttempt: 1 })
    t.equal((await number.answer(id)).kind, 'wrong')
  })

  t.test('a login does not reset the count of SMS', async (t) => {
    const store = await makeStore(t)
    const number = createNumber(store, { sendsPerHour: 2 })
    for (let count = 0; count < 2; count++) t.equal((await number.answer(await number.challenge())).kind, 'right')
    t.equal((await number.send()).kind, 'limited')
    await store.unlock(number.key.tag)
    t.equal((await number.send()).kind, 'sent')
  })

  t.test('a request during the cooldown returns the live challenge, also at the limit of SMS', async (t) => {
    const number = createNumber(await makeStore(t), { sendsPerHour: 1 })
    await number.challenge()
    t.equal((await number.send()).kind, 'waiting')
    number.pass(30 * second)
    t.equal((await number.send()).kind, 'limited')
  })
}
