/** Counts the calls of the last seconds, in slices that leave the window one by one. */
export interface CallWindow {
  /** Counts a call when it starts. */
  addCall (): void
  addFailure (): void
  clear (): void
  /** Returns the share of failed calls, from 0 to 1; 0 while there are fewer calls than `minimumCalls`. */
  failedShare (): number
}

export interface CallWindowOptions {
  windowMs: number
  /** Fewer calls do not show a trend. */
  minimumCalls: number
  /** Milliseconds since the epoch. */
  now (): number
}

interface Slice { start: number, calls: number, failures: number }

const slicesPerWindow = 10

export function createCallWindow ({ windowMs, minimumCalls, now }: CallWindowOptions): CallWindow {
  const sliceMs = windowMs / slicesPerWindow
  let slices: Slice[] = []

  /** Returns the slice of this moment. A slice with a later start was created before the clock was set back, and is dropped too. */
  function currentSlice (): Slice {
    const start = Math.floor(now() / sliceMs) * sliceMs
    slices = slices.filter((slice) => slice.start > start - windowMs && slice.start <= start)
    const last = slices.at(-1)
    if (last?.start === start) return last
    const slice = { start, calls: 0, failures: 0 }
    slices.push(slice)
    return slice
  }

  return {
    addCall: () => { currentSlice().calls += 1 },
    addFailure: () => { currentSlice().failures += 1 },
    clear: () => { slices = [] },
    failedShare () {
      const calls = slices.reduce((sum, slice) => sum + slice.calls, 0)
      return calls < minimumCalls ? 0 : slices.reduce((sum, { failures }) => sum + failures, 0) / calls
    }
  }
}
