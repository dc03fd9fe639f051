import type { Test } from 'tap'
import { candidateAt, createNumber, second, type MakeStore } from './number.ts'

const racers = 50

function countKinds (outcomes: Array<{ kind: string }>): Record<string, number> {
  const kinds: Record<string, number> = {}
  for (const { kind } of outcomes) kinds[kind] = (kinds[kind] ?? 0) + 1
  return kinds
}

async function race<T> (act: (index: number) => Promise<T>): Promise<T[]> {
  return await Promise.all(Array.from({ length: racers }, async (_, index) => await act(index)))
}

export function testRaces (t: Test, makeStore: MakeStore): void {
  t.test('one of fifty concurrent right answers succeeds, and the others do not count as failures', async (t) => {
    const number = createNumber(await makeStore(t))
    const id = await number.challenge()
    t.strictSame(countKinds(await race(() => number.answer(id))), { right: 1, used: racers - 1 })
    t.equal((await number.send()).kind, 'sent')
  })

  t.test('fifty concurrent sends create one challenge and one SMS', async (t) => {
    const number = createNumber(await makeStore(t))
    const outcomes = await race(() => number.send())
    t.strictSame(countKinds(outcomes), { sent: 1, waiting: racers - 1 })
    t.equal(new Set(outcomes.map((outcome) => 'challengeId' in outcome && outcome.challengeId)).size, 1)
    for (const outcome of outcomes) t.match(outcome, { sendAttempt: 1, nextSendAt: number.now + 30 * second })
  })

  t.test('fifty concurrent sends with two names dispute the name', async (t) => {
    const number = createNumber(await makeStore(t))
    const [sent] = await race((index) => number.send(index % 2 === 0 ? 'Asha' : 'Usha'))
    if (sent === undefined || !('challengeId' in sent)) throw new Error('no challenge')
    t.match(await number.answer(sent.challengeId), { kind: 'right', isNameDisputed: true })
  })

  t.test('five of fifty concurrent wrong answers count', async (t) => {
    const number = createNumber(await makeStore(t))
    const id = await number.challenge()
    const outcomes = await race(() => number.answer('guessed'))
    t.strictSame(countKinds(outcomes), { wrong: 5, locked: racers - 5 })
    t.strictSame(await number.answer(id), { kind: 'locked', retryAt: number.now + 30 * second })
  })

  t.test('a right answer concurrent with the last wrong one either succeeds or is locked out', async (t) => {
    const store = await makeStore(t)
    for (let round = 0; round < 20; round++) {
      const number = createNumber(store)
      const id = await number.challenge()
      await number.guess(4)
      const racing = [() => number.answer(id), () => number.answer('guessed')]
      if (round % 2 === 1) racing.reverse()
      const kinds = countKinds(await Promise.all(racing.map((act) => act())))
      const next = (await number.send()).kind
      if (kinds['right'] === 1) t.strictSame([kinds, next], [{ right: 1, wrong: 1 }, 'sent'])
      else t.strictSame([kinds, next], [{ wrong: 1, locked: 1 }, 'locked'])
    }
  })

  t.test('sends concurrent with right answers never restore a used challenge', async (t) => {
    const store = await makeStore(t)
    for (let round = 0; round < 20; round++) {
      const number = createNumber(store)
      const id = await number.challenge()
      number.pass(30 * second)
      const rules = { ttlMs: 300 * second, resendMs: 30 * second, sendsPerHour: 0, sendsPerDay: 0 }
      const request = { candidate: candidateAt(number.key), rules, now: number.now }
      const [verdict, sent] = await Promise.all([number.answer(id), store.issue(number.key, request)])
      t.equal(verdict.kind, 'right')
      t.equal(sent.kind, 'sent')
      t.equal((await number.answer(id)).kind, 'used')
      t.equal(await store.find(id, number.now), undefined)
    }
  })
}
