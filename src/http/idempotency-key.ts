import type { IncomingHttpHeaders } from 'node:http'
import { isIdempotencyKey } from '../domain/http/idempotency.ts'
import { ApiError } from './errors.ts'

/**
 * The Idempotency-Key of a request, if it has one.
 * @throws {ApiError} CHR_VALIDATION
 */
export function idempotencyKeyOf (headers: IncomingHttpHeaders): string | undefined {
  const key = headers['idempotency-key']
  if (key === undefined) return undefined
  // Sent twice, the two come joined by a comma and a space.
  if (typeof key === 'string' && isIdempotencyKey(key)) return key
  const message = 'Idempotency-Key takes 1 to 255 visible ASCII characters, once'
  throw new ApiError('CHR_VALIDATION', { message, details: [{ path: 'idempotency-key', message }] })
}
