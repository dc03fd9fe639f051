interface Waiter {
  cost: number
  admit: () => void
}

/** Limits concurrent work by its cost, in first-in-first-out order. */
export interface WeightedSemaphore {
  /**
   * Waits until the cost is available, runs the work, and releases the cost. A task costing more than the total runs
   * alone.
   * @throws the signal's reason if the signal aborts the wait
   */
  run<T> (cost: number, work: () => Promise<T>, signal?: AbortSignal): Promise<T>
  /** Number of waiting tasks. */
  readonly waiting: number
}

/** Creates a semaphore with this total, in any unit: bytes, or tasks. */
export function createWeightedSemaphore (total: number): WeightedSemaphore {
  const queue = new Set<Waiter>()
  let acquired = 0

  /** FIFO: a large task blocks smaller ones behind it, so it cannot starve. */
  function admitNext (): void {
    for (const waiter of queue) {
      if (acquired + waiter.cost > total) return
      queue.delete(waiter)
      acquired += waiter.cost
      waiter.admit()
    }
  }

  async function acquire (cost: number, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted()
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const waiter: Waiter = { cost, admit: resolve }
    const abandon = () => {
      queue.delete(waiter)
      reject(signal?.reason)
      admitNext()
    }
    queue.add(waiter)
    signal?.addEventListener('abort', abandon, { once: true })
    admitNext()
    await promise.finally(() => signal?.removeEventListener('abort', abandon))
  }

  return {
    async run (cost, work, signal) {
      const capped = Math.min(cost, total)
      await acquire(capped, signal)
      try {
        return await work()
      } finally {
        acquired -= capped
        admitNext()
      }
    },
    get waiting () { return queue.size }
  }
}
