/** No code lives longer than this. */
const maximumMs = 600_000

/**
 * Milliseconds that a Retry-After header asks for, in seconds or as an HTTP date (RFC 9110 §10.2.3); 10 minutes at most.
 * `undefined` where there is none or it is neither.
 */
export function readRetryAfter (header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined
  const waitMs = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now
  return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(waitMs, 0), maximumMs)
}
