import t from 'tap'
import { createBudget } from '../../../../plugins/creatives/images/weighted-semaphore.ts'

/** Work that lasts until it is ended. */
function createWork () {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let isRunning = false
  const work = async () => {
    isRunning = true
    return await promise
  }
  return { work, end: resolve, fail: reject, get isRunning () { return isRunning } }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

t.test('so much runs at once as the budget pays for, the rest waits its turn', async (t) => {
  const budget = createBudget(100)
  const jobs = [60, 40, 50, 10].map((price) => ({ price, job: createWork() }))
  const results = jobs.map(async ({ price, job }) => await budget.run(price, job.work))
  await settled()
  t.same(jobs.map(({ job }) => job.isRunning), [true, true, false, false])
  t.equal(budget.waiting, 2)
  jobs[1]?.job.end('second')
  await settled()
  t.same(jobs.map(({ job }) => job.isRunning), [true, true, false, false], 'a cheap one does not overtake a dear one')
  jobs[0]?.job.end('first')
  await settled()
  t.same(jobs.map(({ job }) => job.isRunning), [true, true, true, true])
  jobs[2]?.job.end('third')
  jobs[3]?.job.end('fourth')
  t.same(await Promise.all(results), ['first', 'second', 'third', 'fourth'])
})

t.test('what is dearer than all there is runs, and alone', async (t) => {
  const budget = createBudget(100)
  const [cheap, dear, next] = [createWork(), createWork(), createWork()]
  const results = [budget.run(10, cheap.work), budget.run(500, dear.work), budget.run(10, next.work)]
  await settled()
  t.equal(dear.isRunning, false)
  cheap.end('')
  await settled()
  t.equal(dear.isRunning, true)
  t.equal(next.isRunning, false)
  dear.end('')
  await settled()
  t.equal(next.isRunning, true)
  next.end('')
  await Promise.all(results)
})

t.test('work that fails gives its price back', async (t) => {
  const budget = createBudget(100)
  const broken = createWork()
  const failed = t.rejects(budget.run(100, broken.work), { message: 'broken' })
  broken.fail(new Error('broken'))
  await failed
  t.equal(await budget.run(100, async () => 'next'), 'next')
})

t.test('whoever gives up waiting frees the place for those behind', async (t) => {
  const budget = createBudget(100)
  const [first, dear, cheap] = [createWork(), createWork(), createWork()]
  const controller = new AbortController()
  const running = budget.run(50, first.work)
  const given = t.rejects(budget.run(100, dear.work, controller.signal), { message: 'gone' })
  const behind = budget.run(50, cheap.work)
  await settled()
  t.equal(cheap.isRunning, false)
  controller.abort(new Error('gone'))
  await given
  await settled()
  t.equal(cheap.isRunning, true)
  t.equal(dear.isRunning, false)
  first.end('')
  cheap.end('')
  await Promise.all([running, behind])
})

t.test('a signal that has ended, or ends later, does nothing to work that runs', async (t) => {
  const budget = createBudget(100)
  const job = createWork()
  await t.rejects(budget.run(1, job.work, AbortSignal.abort(new Error('gone'))), { message: 'gone' })
  t.equal(job.isRunning, false)
  const controller = new AbortController()
  const running = budget.run(1, job.work, controller.signal)
  await settled()
  controller.abort()
  job.end('done')
  t.equal(await running, 'done')
})
