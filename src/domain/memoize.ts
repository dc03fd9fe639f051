/** A memoized function of a text. */
export interface Memoized<Value> {
  (text: string): Value
  /** Stores a value that is already known, so that it need not be computed. */
  prime (text: string, value: Value): void
}

/**
 * Memoizes a pure function. The cache is cleared when it would exceed `maximum` entries, so that clients who send many
 * different texts cannot make the memory grow.
 */
export function memoize<Value> (compute: (text: string) => Value, maximum = 1000): Memoized<Value> {
  const results = new Map<string, Value>()

  function prime (text: string, value: Value): void {
    if (results.size >= maximum && !results.has(text)) results.clear()
    results.set(text, value)
  }

  function find (text: string): Value {
    const result = results.get(text)
    // `undefined` is a valid result too.
    if (result !== undefined || results.has(text)) return result as Value
    const value = compute(text)
    prime(text, value)
    return value
  }

  return Object.assign(find, { prime })
}
