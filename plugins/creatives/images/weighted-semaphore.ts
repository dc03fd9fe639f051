interface Waiter {
  price: number
  admit: () => void
}

/** Memory, or turns, that are shared out: so much work at once as they pay for, in the order of asking. */
export interface Budget {
  /**
   * Waits for the price to be free, works, and gives it back. What is dearer than all there is runs alone.
   * @throws the signal's reason, when that ends the wait
   */
  run<T> (price: number, work: () => Promise<T>, signal?: AbortSignal): Promise<T>
  /** How many wait. */
  readonly waiting: number
}

/** A budget of so many bytes, or turns. */
export function createBudget (total: number): Budget {
  const queue = new Set<Waiter>()
  let spent = 0

  /** In order: a dear one at the head holds the cheap ones behind it up, or it would wait for ever. */
  function admitNext (): void {
    for (const waiter of queue) {
      if (spent + waiter.price > total) return
      queue.delete(waiter)
      spent += waiter.price
      waiter.admit()
    }
  }

  async function waitFor (price: number, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted()
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const waiter: Waiter = { price, admit: resolve }
    const giveUp = () => {
      queue.delete(waiter)
      reject(signal?.reason)
      admitNext()
    }
    queue.add(waiter)
    signal?.addEventListener('abort', giveUp, { once: true })
    admitNext()
    await promise.finally(() => signal?.removeEventListener('abort', giveUp))
  }

  return {
    async run (price, work, signal) {
      const paid = Math.min(price, total)
      await waitFor(paid, signal)
      try {
        return await work()
      } finally {
        spent -= paid
        admitNext()
      }
    },
    get waiting () { return queue.size }
  }
}
