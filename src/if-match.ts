import type { IncomingHttpHeaders } from 'node:http'
import { ApiError } from './errors.ts'

/**
 * Whether If-Match, where it is sent, names the version of what is there: `"3"`, several, or `*`.
 * @throws {ApiError} CHR_PRECONDITION_FAILED with the current state
 */
export function checkIfMatch (headers: IncomingHttpHeaders, version: number, current: () => object): void {
  const tags = headers['if-match']?.split(',').map((tag) => tag.trim())
  if (tags === undefined || tags.includes('*') || tags.includes(`"${version}"`)) return
  throw new ApiError('CHR_PRECONDITION_FAILED', { current: current() })
}
