import type { IncomingHttpHeaders } from 'node:http'
import { ApiError } from './errors.ts'

/** An upload can be repeated with its key for this long. */
export const idempotencyKeyLifeMs = 24 * 3_600_000

const keyPattern = /^[\x21-\x7e]{1,255}$/

/**
 * Reads the Idempotency-Key of a request, if it has one.
 * @throws {ApiError} CHR_VALIDATION
 */
export function readIdempotencyKey (headers: IncomingHttpHeaders): string | undefined {
  const key = headers['idempotency-key']
  if (key === undefined) return undefined
  // Node joins repeated headers with a comma and a space, and the space does not match.
  if (typeof key === 'string' && keyPattern.test(key)) return key
  const message = 'Idempotency-Key must be sent once, with 1 to 255 visible ASCII characters'
  throw new ApiError('CHR_VALIDATION', { message, details: [{ path: 'idempotency-key', message }] })
}
