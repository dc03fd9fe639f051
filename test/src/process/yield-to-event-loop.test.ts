import { setImmediate as nextIteration } from 'node:timers/promises'
import t from 'tap'
import { createYieldToEventLoop } from '../../../src/process/yield-to-event-loop.ts'

t.test('concurrent callers resume one per iteration, in the order of their calls', async (t) => {
  const yieldToEventLoop = createYieldToEventLoop()
  const resumed: number[] = []
  const calls = Promise.all([1, 2, 3].map(async (caller) => {
    await yieldToEventLoop()
    resumed.push(caller)
  }))
  const counts: number[] = []
  for (let iteration = 0; iteration < 4; iteration++) {
    await nextIteration()
    counts.push(resumed.length)
  }
  await calls
  t.same(resumed, [1, 2, 3])
  for (const [index, count] of counts.entries()) t.ok(count - (counts[index - 1] ?? 0) <= 1, `iteration ${index}: ${count} have resumed`)
})

t.test('a call that is made while the last caller resumes is served too', async (t) => {
  const yieldToEventLoop = createYieldToEventLoop()
  await yieldToEventLoop()
  const resumed: string[] = []
  await Promise.all([
    yieldToEventLoop().then(() => { resumed.push('first') }),
    yieldToEventLoop().then(async () => {
      await yieldToEventLoop()
      resumed.push('second, twice')
    })
  ])
  t.same(resumed, ['first', 'second, twice'])
})
