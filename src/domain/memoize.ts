/** What a pure function makes of a text, kept. */
export interface Cached<Value> {
  (text: string): Value
  /** What is known already need not be made. */
  note (text: string, value: Value): void
}

/** Keeps what a pure function made of a text, for the newest texts; strangers who send many of them cannot make it grow. */
export function cached<Value> (make: (text: string) => Value, maximum = 1000): Cached<Value> {
  const kept = new Map<string, Value>()

  function note (text: string, value: Value): void {
    if (kept.size >= maximum && !kept.has(text)) kept.clear()
    kept.set(text, value)
  }

  function find (text: string): Value {
    const known = kept.get(text)
    // That nothing can be made of a text is worth keeping too.
    if (known !== undefined || kept.has(text)) return known as Value
    const value = make(text)
    note(text, value)
    return value
  }

  return Object.assign(find, { note })
}
