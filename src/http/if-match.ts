import type { IncomingHttpHeaders } from 'node:http'
import { matchesIfMatch } from './conditional-request.ts'
import { ApiError } from './errors.ts'

/**
 * Whether If-Match, where it is sent, names the version of what is there: `"3"`, several, or `*`.
 * @throws {ApiError} CHR_PRECONDITION_FAILED with the current state
 */
export function checkIfMatch (headers: IncomingHttpHeaders, version: number, current: () => object): void {
  const header = headers['if-match']
  if (header === undefined || matchesIfMatch(header, `"${version}"`)) return
  throw new ApiError('CHR_PRECONDITION_FAILED', { current: current() })
}
