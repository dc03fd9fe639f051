export interface BatchQueueOptions<Item, Result> {
  /** Processes a batch. The result of each item has the index of the item. Only the caller of that item awaits a promise in it. */
  run (items: readonly Item[]): Promise<ReadonlyArray<Result | Promise<Result>>>
  /** Items with the same key are processed one after the other. Without it, all items may be processed together. */
  keyOf?: (item: Item) => string
  /** Default: 500. A larger batch would only delay its first caller. */
  maximumBatch?: number
  /** Called after batches were started or have ended, with the number of batches that run. */
  onChange?: (running: number) => void
}

/** Start another batch once this many items wait. Fewer wait until a batch ends, which takes less work in total. */
const worthwhileBatch = 16
/** Start another batch after this time in any case, since a batch that is stuck must not block all callers. */
const maximumWaitMs = 25
const maximumRunning = 4

interface Call<Item, Result> {
  item: Item
  resolve (result: Result | Promise<Result>): void
  reject (error: unknown): void
}

/**
 * Combines concurrent calls into batches, so that they share a query: all calls of one event-loop turn, and under load those
 * that arrive while a batch runs. A single call waits only for the end of its turn. If a batch fails, each of its calls rejects
 * with that error.
 */
export function createBatchQueue<Item, Result> (
  { run, keyOf, maximumBatch = 500, onChange }: BatchQueueOptions<Item, Result>
): (item: Item) => Promise<Result> {
  let waiting: Array<Call<Item, Result>> = []
  /** Keys of the items in batches that run. */
  const busy = new Set<string>()
  let running = 0
  let startedAt = 0
  let timer: NodeJS.Timeout | undefined

  /** Removes the next batch from the waiting calls. */
  function take (): Array<Call<Item, Result>> {
    if (keyOf === undefined) return waiting.splice(0, maximumBatch)
    const batch: Array<Call<Item, Result>> = []
    const rest: Array<Call<Item, Result>> = []
    for (const call of waiting) {
      const key = keyOf(call.item)
      const isTaken = batch.length < maximumBatch && !busy.has(key)
      if (isTaken) busy.add(key);
      (isTaken ? batch : rest).push(call)
    }
    waiting = rest
    return batch
  }

  function start (batch: ReadonlyArray<Call<Item, Result>>): void {
    running += 1
    startedAt = performance.now()
    run(batch.map(({ item }) => item)).then((results) => {
      batch.forEach(({ resolve }, index) => { resolve(results[index] as Result) })
    }, (error: unknown) => {
      for (const { reject } of batch) reject(error)
    }).finally(() => {
      if (keyOf !== undefined) for (const { item } of batch) busy.delete(keyOf(item))
      running -= 1
      setImmediate(flush)
    })
  }

  function isWorthwhile (): boolean {
    return running === 0 || waiting.length >= worthwhileBatch || performance.now() - startedAt >= maximumWaitMs
  }

  function flush (): void {
    while (waiting.length > 0 && running < maximumRunning && isWorthwhile()) {
      const batch = take()
      if (batch.length === 0) break
      start(batch)
    }
    onChange?.(running)
    if (waiting.length === 0 || timer !== undefined) return
    timer = setTimeout(() => {
      timer = undefined
      flush()
    }, maximumWaitMs)
  }

  return (item) => new Promise((resolve, reject) => {
    if (waiting.push({ item, resolve, reject }) === 1) setImmediate(flush)
  })
}
