import t from 'tap'
import { createWeightedSemaphore } from '../../../../plugins/creatives/images/weighted-semaphore.ts'

/** Creates work that runs until the test ends it. */
function createWork () {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let isRunning = false
  const work = async () => {
    isRunning = true
    return await promise
  }
  return { work, end: resolve, fail: reject, get isRunning () { return isRunning } }
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

t.test('tasks run concurrently up to the total cost, in order', async (t) => {
  const semaphore = createWeightedSemaphore(100)
  const jobs = [60, 40, 50, 10].map((cost) => ({ cost, job: createWork() }))
  const results = jobs.map(async ({ cost, job }) => await semaphore.run(cost, job.work))
  await nextTurn()
  t.same(jobs.map(({ job }) => job.isRunning), [true, true, false, false])
  t.equal(semaphore.waiting, 2)
  jobs[1]?.job.end('second')
  await nextTurn()
  t.same(jobs.map(({ job }) => job.isRunning), [true, true, false, false], 'a small task does not overtake a large one')
  jobs[0]?.job.end('first')
  await nextTurn()
  t.same(jobs.map(({ job }) => job.isRunning), [true, true, true, true])
  jobs[2]?.job.end('third')
  jobs[3]?.job.end('fourth')
  t.same(await Promise.all(results), ['first', 'second', 'third', 'fourth'])
})

t.test('a task that costs more than the total runs alone', async (t) => {
  const semaphore = createWeightedSemaphore(100)
  const [small, large, next] = [createWork(), createWork(), createWork()]
  const results = [semaphore.run(10, small.work), semaphore.run(500, large.work), semaphore.run(10, next.work)]
  await nextTurn()
  t.equal(large.isRunning, false)
  small.end('')
  await nextTurn()
  t.equal(large.isRunning, true)
  t.equal(next.isRunning, false)
  large.end('')
  await nextTurn()
  t.equal(next.isRunning, true)
  next.end('')
  await Promise.all(results)
})

t.test('failed work releases its cost', async (t) => {
  const semaphore = createWeightedSemaphore(100)
  const broken = createWork()
  const failed = t.rejects(semaphore.run(100, broken.work), { message: 'broken' })
  broken.fail(new Error('broken'))
  await failed
  t.equal(await semaphore.run(100, async () => 'next'), 'next')
})

t.test('an aborted wait unblocks the tasks behind it', async (t) => {
  const semaphore = createWeightedSemaphore(100)
  const [first, large, small] = [createWork(), createWork(), createWork()]
  const controller = new AbortController()
  const running = semaphore.run(50, first.work)
  const abandoned = t.rejects(semaphore.run(100, large.work, controller.signal), { message: 'gone' })
  const behind = semaphore.run(50, small.work)
  await nextTurn()
  t.equal(small.isRunning, false)
  controller.abort(new Error('gone'))
  await abandoned
  await nextTurn()
  t.equal(small.isRunning, true)
  t.equal(large.isRunning, false)
  first.end('')
  small.end('')
  await Promise.all([running, behind])
})

t.test('an aborted signal prevents work, and does not affect running work', async (t) => {
  const semaphore = createWeightedSemaphore(100)
  const job = createWork()
  await t.rejects(semaphore.run(1, job.work, AbortSignal.abort(new Error('gone'))), { message: 'gone' })
  t.equal(job.isRunning, false)
  const controller = new AbortController()
  const running = semaphore.run(1, job.work, controller.signal)
  await nextTurn()
  controller.abort()
  job.end('done')
  t.equal(await running, 'done')
})
