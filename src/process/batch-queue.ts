export interface BatchQueueOptions<Item, Result> {
  /** Processes a batch. The result of each item has the index of the item; a promise is awaited for its item alone. */
  run (items: readonly Item[]): Promise<ReadonlyArray<Result | Promise<Result>>>
  /** Items with the same key are never in one batch. Without it, all items may share a batch. */
  keyOf?: (item: Item) => string
  /** Called after batches were started or have ended, with the number of batches that run. */
  onChange?: (running: number) => void
}

/** A larger batch would only delay its first caller. */
const maximumBatch = 500
/** Start another batch once this many items wait. Fewer wait until a batch ends, which takes less work in total. */
const worthwhileBatch = 16
/** Start another batch after this time in any case, since a batch that is stuck must not block all callers. */
const maximumWaitMs = 25
const maximumRunning = 4

interface Waiting<Item, Result> {
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
  { run, keyOf, onChange }: BatchQueueOptions<Item, Result>
): (item: Item) => Promise<Result> {
  let waiting: Array<Waiting<Item, Result>> = []
  let running = 0
  let startedAt = 0
  let timer: NodeJS.Timeout | undefined

  /** Removes the next batch from the waiting calls. */
  function take (): Array<Waiting<Item, Result>> {
    if (keyOf === undefined) return waiting.splice(0, maximumBatch)
    const batch = new Map<string, Waiting<Item, Result>>()
    const rest = []
    for (const call of waiting) {
      const key = keyOf(call.item)
      if (batch.size < maximumBatch && !batch.has(key)) batch.set(key, call)
      else rest.push(call)
    }
    waiting = rest
    return [...batch.values()]
  }

  function start (batch: ReadonlyArray<Waiting<Item, Result>>): void {
    running += 1
    startedAt = performance.now()
    run(batch.map(({ item }) => item)).then((results) => {
      batch.forEach(({ resolve }, index) => { resolve(results[index] as Result) })
    }, (error: unknown) => {
      for (const { reject } of batch) reject(error)
    }).finally(() => {
      running -= 1
      setImmediate(flush)
    })
  }

  function isWorthwhile (): boolean {
    return running === 0 || waiting.length >= worthwhileBatch || performance.now() - startedAt >= maximumWaitMs
  }

  function flush (): void {
    while (waiting.length > 0 && running < maximumRunning && isWorthwhile()) start(take())
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
