/** A sentence where the value of a variable is no URL of these protocols; none where it is unset. */
export function urlProblem (name: string, value: string | undefined, protocols: string[]): string[] {
  if (value === undefined || protocols.includes(URL.parse(value)?.protocol ?? '')) return []
  return [`${name} is not a URL that begins with ${protocols.join(' or ')}`]
}
