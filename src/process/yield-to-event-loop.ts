/** Lets those who come together through one by one. */
export interface Turns {
  /** Resolves in a turn of the event loop that is the caller's alone, in the order of asking. */
  next (): Promise<void>
}

/** For work whose beginning costs a millisecond or so: what many begin in the same moment would hold everybody else up. */
export function createTurns (): Turns {
  const waiting: Array<() => void> = []

  function step (): void {
    waiting.shift()?.()
    if (waiting.length > 0) setImmediate(step)
  }

  return {
    next: () => new Promise((resolve) => {
      if (waiting.push(resolve) === 1) setImmediate(step)
    })
  }
}
