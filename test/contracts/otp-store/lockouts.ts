import type { Test } from 'tap'
import { createNumber, day, hour, minute, second, type MakeStore, type TestNumber } from './number.ts'

const lockouts = [30 * second, 5 * minute, hour, day]
const wrong = (times: number) => Array(times).fill('wrong')

/** Sends a code and answers five wrong ones; returns the lockout that follows. */
async function failFive (number: TestNumber): Promise<number> {
  await number.challenge()
  await number.guess(5)
  const locked = await number.answer('guessed')
  return locked.kind === 'locked' ? locked.retryAt - number.now : 0
}

export function testLockouts (t: Test, makeStore: MakeStore): void {
  t.test('five wrong answers end a challenge and start the next lockout: 30 s, 5 min, 1 h, then a day', async (t) => {
    const store = await makeStore(t)
    const number = createNumber(store)
    for (const lockout of [...lockouts, day, day]) {
      const id = await number.challenge()
      t.strictSame(await number.guess(5), wrong(5))
      t.equal(await store.find(id, number.now), undefined, 'the challenge is gone')
      const locked = { kind: 'locked', retryAt: number.now + lockout }
      t.strictSame([await number.answer(id), await number.send()], [locked, locked], `${lockout / second} s`)
      number.pass(lockout - 1)
      t.strictSame([await number.answer(id), await number.send()], [locked, locked], 'the lockout lasts until its last millisecond')
      number.pass(1)
    }
    t.equal((await number.send()).kind, 'sent')
  })

  t.test('after a lockout a code can be requested at once, and the cooldown keeps growing', async (t) => {
    const number = createNumber(await makeStore(t))
    number.pass(await failFive(number))
    t.match(await number.send(), { kind: 'sent', sendAttempt: 1, nextSendAt: number.now + 60 * second })
  })

  t.test('answers with and without a challenge have the same outcomes', async (t) => {
    const store = await makeStore(t)
    const [withChallenge, withoutChallenge] = [createNumber(store), createNumber(store)]
    for (const lockout of lockouts.slice(0, 3)) {
      await withChallenge.challenge()
      t.strictSame(await withoutChallenge.guess(5), await withChallenge.guess(5))
      const expected = { kind: 'locked', retryAt: lockout }
      for (const number of [withChallenge, withoutChallenge]) {
        const locked = await number.answer('guessed')
        t.strictSame('retryAt' in locked && { ...locked, retryAt: locked.retryAt - number.now }, expected)
        number.pass(lockout)
      }
    }
  })

  t.test('answers without a challenge are forgotten after an hour and never count as failures of a challenge', async (t) => {
    const number = createNumber(await makeStore(t))
    await number.guess(4)
    number.pass(hour - 1)
    t.strictSame(await number.guess(1), wrong(1))
    t.equal((await number.answer('guessed')).kind, 'locked', 'an hour has not passed')
    number.pass(hour)
    t.strictSame(await number.guess(4), wrong(4))
    await number.challenge()
    t.strictSame(await number.guess(4), wrong(4))
    t.equal((await number.send()).kind, 'waiting')
  })

  t.test('failures outlive new challenges, cooldowns and lockouts', async (t) => {
    const number = createNumber(await makeStore(t))
    await number.challenge()
    await number.guess(4)
    number.pass(2 * hour)
    await number.challenge()
    t.strictSame(await number.guess(1), wrong(1))
    t.strictSame(await number.send(), { kind: 'locked', retryAt: number.now + 30 * second })
  })

  t.test('requests and answers during a lockout do not count', async (t) => {
    const number = createNumber(await makeStore(t))
    const lockout = await failFive(number)
    t.strictSame(await number.guess(12), Array(12).fill('locked'))
    number.pass(lockout)
    t.equal(await failFive(number), 5 * minute)
  })

  t.test('a success resets the failures', async (t) => {
    const number = createNumber(await makeStore(t))
    for (let round = 0; round < 3; round++) {
      const id = await number.challenge()
      t.strictSame(await number.guess(4), wrong(4))
      t.equal((await number.answer(id)).kind, 'right')
    }
    number.pass(await failFive(number))
    await number.answer(await number.challenge())
    t.equal(await failFive(number), 30 * second, 'the next lockout is the shortest one again')
  })

  t.test('failures are forgotten 400 days after the last one', async (t) => {
    const store = await makeStore(t)
    for (const [age, lockout] of [[400 * day - 1, 5 * minute], [400 * day, 30 * second]] as const) {
      const number = createNumber(store)
      await failFive(number)
      number.pass(age)
      t.equal(await failFive(number), lockout)
    }
  })

  t.test('a hundred failures close the number until it is unlocked', async (t) => {
    const store = await makeStore(t)
    const number = createNumber(store)
    for (let count = 0; count < 20; count++) number.pass(await failFive(number))
    for (const time of [0, day, 200 * day]) {
      number.pass(time)
      const locked = { kind: 'locked', retryAt: number.now + day }
      t.strictSame([await number.send(), await number.answer('guessed')], [locked, locked])
    }
    await store.unlock(number.key.tag)
    t.match(await number.send(), { kind: 'sent', nextSendAt: number.now + 30 * second })
    t.strictSame(await number.guess(4), wrong(4))
    t.equal((await number.answer(await number.challenge())).kind, 'right')
  })

  t.test('unlock ends a lockout and resets the failures, and the live code stays valid', async (t) => {
    const store = await makeStore(t)
    const [lockedOut, signingIn] = [createNumber(store), createNumber(store)]
    await failFive(lockedOut)
    await store.unlock(lockedOut.key.tag)
    t.equal(await failFive(lockedOut), 30 * second)
    const id = await signingIn.challenge()
    await signingIn.guess(4)
    await store.unlock(signingIn.key.tag)
    await signingIn.guess(4)
    t.equal((await signingIn.answer(id)).kind, 'right')
    await store.unlock(createNumber(store).key.tag)
  })
}
