const repeatAfterMs = 60_000
/** Messages that contain a key or an address may all differ. */
const maximumMessages = 100

/**
 * Creates a function that returns whether an error should be logged: an equal message counts again after a minute. A loop that fails
 * at each of its rounds then writes a line a minute.
 */
export function createErrorPacer (now: () => number = performance.now.bind(performance)): (error: unknown) => boolean {
  const loggedAt = new Map<string, number>()
  return (error) => {
    const message = String(error)
    if (now() - (loggedAt.get(message) ?? -Infinity) < repeatAfterMs) return false
    if (loggedAt.size >= maximumMessages) loggedAt.clear()
    loggedAt.set(message, now())
    return true
  }
}
