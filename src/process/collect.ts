import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Combines the calls of this many milliseconds: `work` receives their values together, in the order of the calls, and each call
 * awaits it.
 */
export function collect<Value> (milliseconds: number, work: (values: Value[]) => Promise<void>): (value: Value) => Promise<void> {
  let values: Value[] = []
  let batch: Promise<void> | undefined

  async function runBatch (): Promise<void> {
    await sleep(milliseconds)
    const taken = values
    values = []
    batch = undefined
    await work(taken)
  }

  return async (value) => {
    values.push(value)
    batch ??= runBatch()
    await batch
  }
}
