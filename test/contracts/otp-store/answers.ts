import type { Test } from 'tap'
import { candidateAt, createNumber, second, type MakeStore } from './number.ts'

export function testAnswers (t: Test, makeStore: MakeStore): void {
  t.test('a right answer gives back what was sealed, once', async (t) => {
    const number = createNumber(await makeStore(t))
    const challengeId = await number.challenge()
    t.strictSame(await number.answer(challengeId), {
      kind: 'right', challengeId, sendAttempt: 1, secretId: 'secret', sealed: `sealed ${challengeId}`, isNameDisputed: false
    })
    t.strictSame(await number.answer(challengeId), { kind: 'wrong' })
  })

  t.test('wrong, expired, used and never-issued codes answer alike', async (t) => {
    const store = await makeStore(t)
    const [used, expired, unknown, live] = [createNumber(store), createNumber(store), createNumber(store), createNumber(store)]
    const usedId = await used.challenge()
    await used.answer(usedId)
    const expiredId = await expired.challenge()
    expired.pass(300 * second)
    await live.challenge()
    const outcomes = [await used.answer(usedId), await expired.answer(expiredId), await unknown.answer(usedId), await live.answer(usedId)]
    t.strictSame(outcomes, Array(4).fill({ kind: 'wrong' }))
  })

  t.test('a repeat of a used code never counts within its life, not even beside a new challenge', async (t) => {
    const number = createNumber(await makeStore(t))
    const used = await number.challenge()
    await number.answer(used)
    for (let count = 0; count < 12; count++) t.strictSame(await number.answer(used), { kind: 'wrong' })
    number.pass(299 * second)
    const next = await number.challenge()
    for (let count = 0; count < 12; count++) t.strictSame(await number.answer(used), { kind: 'wrong' })
    await number.guess(4)
    t.equal((await number.answer(used)).kind, 'wrong')
    t.equal((await number.answer(next)).kind, 'right')
  })

  t.test('a used code counts as any other once its life is over', async (t) => {
    const number = createNumber(await makeStore(t))
    const used = await number.challenge()
    await number.answer(used)
    number.pass(300 * second)
    for (let count = 0; count < 5; count++) await number.answer(used)
    t.strictSame(await number.answer(used), { kind: 'locked', retryAt: number.now + 30 * second })
  })

  t.test('only the secret that made a challenge checks it', async (t) => {
    const store = await makeStore(t)
    const number = createNumber(store)
    const id = await number.challenge()
    const check = `check ${id}`
    for (const checks of [new Map<string, string>(), new Map([['other', check]]), new Map([['other', check], ['secret', 'x']])]) {
      t.strictSame(await store.verify(number.key, { checks, canRegister: true }, number.now), { kind: 'wrong' })
    }
    const checks = new Map([['other', 'x'], ['secret', check]])
    t.equal((await store.verify(number.key, { checks, canRegister: true }, number.now)).kind, 'right')
  })

  t.test('a right answer without a name is told so at most five times, then the challenge is over', async (t) => {
    const number = createNumber(await makeStore(t))
    const id = await number.challenge('')
    for (let count = 0; count < 5; count++) t.strictSame(await number.answer(id, false), { kind: 'name_required' })
    t.strictSame(await number.answer(id, false), { kind: 'wrong' })
    t.strictSame(await number.answer(id), { kind: 'wrong' })
    t.equal((await number.send()).kind, 'too_soon', 'and is not there to be resent')
  })

  t.test('a name brought after it was asked for is taken', async (t) => {
    const number = createNumber(await makeStore(t))
    const id = await number.challenge('')
    for (let count = 0; count < 5; count++) await number.answer(id, false)
    await number.guess(4)
    t.match(await number.answer(id), { kind: 'right', isNameDisputed: false })
  })

  t.test('sends that agree on the name let the answer do without', async (t) => {
    const number = createNumber(await makeStore(t))
    await number.challenge('Asha')
    number.pass(30 * second)
    t.match(await number.answer(await number.challenge('Asha'), false), { kind: 'right', isNameDisputed: false })
  })

  for (const [what, pause] of [['within a gap', 10], ['with a resend', 30], ['with a new challenge', 299]] as const) {
    t.test(`a name that differs from the first ${what} makes the answer bring one`, async (t) => {
      const number = createNumber(await makeStore(t))
      await number.challenge('Asha')
      number.pass(pause * second)
      const id = await number.challenge('Usha')
      t.strictSame(await number.answer(id, false), { kind: 'name_required' })
      t.match(await number.answer(id), { kind: 'right', isNameDisputed: true })
    })
  }

  t.test('a send without a name disputes the name of another', async (t) => {
    const number = createNumber(await makeStore(t))
    await number.challenge('Asha')
    number.pass(30 * second)
    const id = await number.challenge('')
    t.strictSame(await number.answer(id, false), { kind: 'name_required' })
    t.match(await number.answer(id), { kind: 'right', isNameDisputed: true })
  })

  t.test('numbers know nothing of each other', async (t) => {
    const store = await makeStore(t)
    const [one, other] = [createNumber(store), createNumber(store)]
    const id = await one.challenge()
    await other.challenge()
    await other.guess(5)
    t.equal((await other.send()).kind, 'locked')
    const rules = { ttlMs: 1000, resendMs: 1000, sendsPerHour: 0, sendsPerDay: 0 }
    t.equal((await store.issue(one.key, { candidate: candidateAt(one.key), rules, now: one.now })).kind, 'waiting')
    t.equal((await one.answer(id)).kind, 'right')
  })
}
