import type { Test } from 'tap'
import { candidateAt, createNumber, second, type MakeStore } from './number.ts'

export function testAnswers (t: Test, makeStore: MakeStore): void {
  t.test('a right answer returns the sealed data once', async (t) => {
    const number = createNumber(await makeStore(t))
    const challengeId = await number.challenge()
    t.strictSame(await number.answer(challengeId), {
      kind: 'right', challengeId, sendAttempt: 1, secretId: 'secret', sealed: `sealed ${challengeId}`, isNameDisputed: false
    })
    t.strictSame(await number.answer(challengeId), { kind: 'used' })
  })

  t.test('wrong, expired and never-issued codes have the same outcome, also after a code was used', async (t) => {
    const store = await makeStore(t)
    const [used, expired, unknown, live] = [createNumber(store), createNumber(store), createNumber(store), createNumber(store)]
    const usedId = await used.challenge()
    await used.answer(usedId)
    const replacedId = await used.challenge()
    used.pass(241 * second)
    await used.answer(await used.challenge())
    const expiredId = await expired.challenge()
    expired.pass(300 * second)
    await live.challenge()
    const outcomes = [await used.answer('guessed'), await used.answer(replacedId), await expired.answer(expiredId), await unknown.answer(usedId), await live.answer(usedId)]
    t.strictSame(outcomes, Array(5).fill({ kind: 'wrong' }))
  })

  t.test('a repeated used code does not count as a failure during its lifetime, even after a new challenge', async (t) => {
    const number = createNumber(await makeStore(t))
    const used = await number.challenge()
    await number.answer(used)
    for (let count = 0; count < 12; count++) t.strictSame(await number.answer(used), { kind: 'used' })
    number.pass(299 * second)
    const next = await number.challenge()
    for (let count = 0; count < 12; count++) t.strictSame(await number.answer(used), { kind: 'used' })
    await number.guess(4)
    t.equal((await number.answer(used)).kind, 'used')
    t.equal((await number.answer(next)).kind, 'right')
  })

  t.test('guesses after a code was used are counted, and their lockout comes before the used code', async (t) => {
    const number = createNumber(await makeStore(t))
    const used = await number.challenge()
    await number.answer(used)
    t.strictSame(await number.guess(5), Array(5).fill('wrong'))
    t.strictSame(await number.answer(used), { kind: 'locked', retryAt: number.now + 30 * second })
    number.pass(30 * second)
    t.strictSame(await number.answer(used), { kind: 'used' }, 'the code is recognized again after the lockout')
    t.strictSame(await number.guess(5), Array(5).fill('wrong'))
    t.strictSame(await number.answer(used), { kind: 'locked', retryAt: number.now + 300 * second }, 'the used code did not end the count')
  })

  t.test('a resend lengthens the time in which a used code is recognized, since it lengthens the life of the code', async (t) => {
    const number = createNumber(await makeStore(t))
    await number.challenge()
    number.pass(200 * second)
    const used = await number.challenge()
    await number.answer(used)
    number.pass(299 * second)
    t.equal((await number.answer(used)).kind, 'used')
    number.pass(second)
    t.equal((await number.answer(used)).kind, 'wrong')
  })

  t.test('a used code counts as a wrong one after its lifetime', async (t) => {
    const number = createNumber(await makeStore(t))
    const used = await number.challenge()
    await number.answer(used)
    number.pass(300 * second)
    for (let count = 0; count < 5; count++) await number.answer(used)
    t.strictSame(await number.answer(used), { kind: 'locked', retryAt: number.now + 30 * second })
  })

  t.test('only the secret that created a challenge can verify its code', async (t) => {
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

  t.test('a right answer without a name gets name_required at most five times, and then the challenge ends', async (t) => {
    const number = createNumber(await makeStore(t))
    const id = await number.challenge('')
    for (let count = 0; count < 5; count++) t.strictSame(await number.answer(id, false), { kind: 'name_required' })
    t.strictSame(await number.answer(id, false), { kind: 'wrong' })
    t.strictSame(await number.answer(id), { kind: 'wrong' })
    t.equal((await number.send()).kind, 'too_soon', 'there is no challenge to resend')
  })

  t.test('a name that follows name_required is accepted', async (t) => {
    const number = createNumber(await makeStore(t))
    const id = await number.challenge('')
    for (let count = 0; count < 5; count++) await number.answer(id, false)
    await number.guess(4)
    t.match(await number.answer(id), { kind: 'right', isNameDisputed: false })
  })

  t.test('an answer needs no name if all sends have the same name', async (t) => {
    const number = createNumber(await makeStore(t))
    await number.challenge('Asha')
    number.pass(30 * second)
    t.match(await number.answer(await number.challenge('Asha'), false), { kind: 'right', isNameDisputed: false })
  })

  for (const [what, pause] of [['during the cooldown', 10], ['after the cooldown', 30], ['with a new challenge', 299]] as const) {
    t.test(`an answer needs a name if a send ${what} has a different one`, async (t) => {
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

  t.test('numbers are independent of each other', async (t) => {
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
