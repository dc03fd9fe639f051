/** How long an upload may be repeated under its key. */
export const idempotencyKeyLifeMs = 24 * 3_600_000

/** 1 to 255 visible ASCII characters. */
export function isIdempotencyKey (text: string): boolean {
  return /^[\x21-\x7e]{1,255}$/.test(text)
}
