import { setImmediate as endOfTurn } from 'node:timers/promises'

/** Combines the calls of one event-loop turn: `work` receives their values together, and each call awaits it. */
export function batchTurn<Value> (work: (values: Value[]) => Promise<void>): (value: Value) => Promise<void> {
  let values: Value[] = []
  let batch: Promise<void> | undefined

  async function runBatch (): Promise<void> {
    await endOfTurn()
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
