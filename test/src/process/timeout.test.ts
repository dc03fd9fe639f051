import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { withTimeout } from '../../../src/process/timeout.ts'

const minuteMs = 60_000

t.test('work that ends in time returns its result, and its timer is cleared', async (t) => {
  t.equal(await withTimeout(minuteMs, Promise.resolve('done'), 'late'), 'done')
  t.equal(process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length, 0)
})

t.test('work that fails in time throws its error', async (t) => {
  await t.rejects(withTimeout(minuteMs, Promise.reject(new Error('broken')), 'late'), { message: 'broken' })
})

t.test('work that takes longer returns the fallback', async (t) => {
  t.equal(await withTimeout(1, new Promise(() => {}), 'late'), 'late')
})

t.test('an error after the timeout is ignored', async (t) => {
  const work = Promise.withResolvers<string>()
  t.equal(await withTimeout(1, work.promise, 'late'), 'late')
  work.reject(new Error('too late'))
  await sleep(1)
})
