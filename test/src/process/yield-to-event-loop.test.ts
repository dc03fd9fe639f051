import { setImmediate as nextTurn } from 'node:timers/promises'
import t from 'tap'
import { createTurns } from '../../../src/process/yield-to-event-loop.ts'

t.test('who asks together goes on one by one, in the order of asking', async (t) => {
  const turns = createTurns()
  const gone: number[] = []
  const asked = Promise.all([1, 2, 3].map(async (caller) => {
    await turns.next()
    gone.push(caller)
  }))
  const counts: number[] = []
  for (let turn = 0; turn < 4; turn++) {
    await nextTurn()
    counts.push(gone.length)
  }
  await asked
  t.same(gone, [1, 2, 3])
  for (const [index, count] of counts.entries()) t.ok(count - (counts[index - 1] ?? 0) <= 1, `turn ${index}: ${count} are through`)
})

t.test('who asks while the last one goes on is let through too', async (t) => {
  const turns = createTurns()
  await turns.next()
  await Promise.all([turns.next(), turns.next().then(async () => { await turns.next() })])
  t.pass('all were let through')
})
