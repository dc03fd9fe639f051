import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Combines the calls within a time: `work` receives their values together, and each call awaits it. Keeps the order of the
 * calls.
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
