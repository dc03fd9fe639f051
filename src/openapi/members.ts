/** An object of the document, whose members are not known. */
export type Members = Record<string, unknown>

export function isMembers (value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Returns an object of the document, or an empty one in place of any other value. */
export function toMembers (value: unknown): Members {
  return isMembers(value) ? value : {}
}
