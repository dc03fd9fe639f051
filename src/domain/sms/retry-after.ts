/** The longest life of a code. */
const maximumMs = 600_000

/**
 * Parses a Retry-After header, given in seconds or as an HTTP date (RFC 9110 §10.2.3), to milliseconds: 10 minutes at
 * most. Returns `undefined` without a valid header.
 */
export function readRetryAfter (header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined
  const waitMs = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now
  return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(waitMs, 0), maximumMs)
}
