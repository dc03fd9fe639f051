import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { createBatchQueue } from '../../../src/process/batch-queue.ts'

/** Returns a queue whose batches end when the test lets them, and the batches that have started. */
function createQueue (options: { keyOf?: (item: number) => string } = {}) {
  const batches: Array<{ items: readonly number[], end: PromiseWithResolvers<string[]> }> = []
  const add = createBatchQueue<number, string>({
    async run (items) {
      const end = Promise.withResolvers<string[]>()
      batches.push({ items, end })
      return await end.promise
    },
    ...options
  })
  const end = (index: number) => {
    const { items = [], end } = batches[index] ?? {}
    end?.resolve(items.map((item) => `done ${item}`))
  }
  return { add, batches, end, list: () => batches.map(({ items }) => items) }
}

t.test('calls of one turn share a batch, and each gets its own result', async (t) => {
  const { add, end, list } = createQueue()
  const results = Promise.all([add(1), add(2), add(3)])
  await turn()
  t.same(list(), [[1, 2, 3]])
  end(0)
  t.same(await results, ['done 1', 'done 2', 'done 3'])
})

t.test('calls during a batch wait until it ends, and then share the next one', async (t) => {
  const { add, end, list } = createQueue()
  const first = add(1)
  await turn()
  const others = Promise.all([add(2), turn().then(async () => await add(3))])
  await turn()
  await turn()
  t.same(list(), [[1]])
  end(0)
  await first
  while (list().length < 2) await turn()
  t.same(list()[1], [2, 3])
  end(1)
  await others
})

t.test('another batch starts beside a running one when 16 calls wait, and soon for fewer', async (t) => {
  const { add, end, list } = createQueue()
  const first = add(0)
  await turn()
  const many = Promise.all(Array.from({ length: 16 }, async (_none, index) => await add(index + 1)))
  await turn()
  t.equal(list()[1]?.length, 16)
  const late = add(17)
  for (let waited = 0; list().length < 3; waited++) {
    if (waited > 2000) throw new Error('the call waits for a batch that does not end')
    await sleep(1)
  }
  t.same(list()[2], [17])
  for (let index = 0; index < 3; index++) end(index)
  await Promise.all([first, many, late])
})

t.test('an item whose key is being processed waits, and items with other keys do not', async (t) => {
  const { add, end, list } = createQueue({ keyOf: (item) => String(item % 10) })
  const first = add(1)
  await turn()
  const waiting = add(11)
  const others = Promise.all(Array.from({ length: 16 }, async (_none, index) => await add(2 + index * 10)))
  const deadline = Date.now() + 5000
  while (list().length < 2 && Date.now() < deadline) await sleep(1)
  t.same(list(), [[1], [2]])
  for (let index = 1; index <= 16; index++) {
    end(index)
    while (list().length < Math.min(index + 2, 17)) await turn()
  }
  await others
  t.notOk(list().flat().includes(11))
  end(0)
  await first
  while (!list().flat().includes(11)) await turn()
  end(list().length - 1)
  t.equal(await waiting, 'done 11')
})

t.test('items with the same key are never in one batch', async (t) => {
  const { add, end, list } = createQueue({ keyOf: (item) => String(item % 2) })
  const results = Promise.all([1, 2, 3, 4, 5].map(add))
  for (const [index, batch] of [[1, 2], [3, 4], [5]].entries()) {
    while (list().length <= index) await turn()
    t.same(list()[index], batch)
    end(index)
  }
  t.equal((await results)[4], 'done 5')
})

t.test('if a batch fails, each of its calls rejects, and the next calls do not', async (t) => {
  const { add, batches, end } = createQueue()
  const results = Promise.allSettled([add(1), add(2)])
  await turn()
  batches[0]?.end.reject(new Error('no connection'))
  t.match(await results, [{ reason: { message: 'no connection' } }, { reason: { message: 'no connection' } }])
  const next = add(3)
  while (batches.length < 2) await turn()
  end(1)
  t.equal(await next, 'done 3')
})
