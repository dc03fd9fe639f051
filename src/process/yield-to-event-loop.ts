/** Resolves in an iteration of the event loop that no other caller gets, in the order of the calls. */
export type YieldToEventLoop = () => Promise<void>

/**
 * Spreads work whose start blocks for about a millisecond: of many callers in one moment, one goes on per iteration,
 * so that other requests are served in between.
 */
export function createYieldToEventLoop (): YieldToEventLoop {
  const waiting: Array<() => void> = []

  function step (): void {
    waiting.shift()?.()
    if (waiting.length > 0) setImmediate(step)
  }

  return () => new Promise((resolve) => {
    if (waiting.push(resolve) === 1) setImmediate(step)
  })
}
