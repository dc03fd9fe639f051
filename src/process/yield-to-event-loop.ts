/** Resolves in a later iteration of the event loop, one caller per iteration, in the order of the calls. */
export type YieldToEventLoop = () => Promise<void>

/**
 * Spreads work whose start blocks for about a millisecond: of many concurrent callers, one continues per iteration, so that the
 * event loop serves other requests in between.
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
