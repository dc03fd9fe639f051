/** Keeps what a pure function made of a text, for the newest texts; strangers who send many of them cannot make it grow. */
export function cached<Value> (make: (text: string) => Value, maximum = 1000): (text: string) => Value {
  const kept = new Map<string, Value>()
  return (text) => {
    const known = kept.get(text)
    if (known !== undefined) return known
    const value = make(text)
    if (kept.size >= maximum) kept.clear()
    kept.set(text, value)
    return value
  }
}
