import type { IncomingHttpHeaders } from 'node:http'
import { matchesIfMatch } from './conditional-request.ts'
import { ApiError } from './errors.ts'

/** The version that a client has seen, stated by If-Match (`"3"`, a list, or `*`), by a field, or by both. */
export interface SeenVersion {
  headers: Pick<IncomingHttpHeaders, 'if-match'>
  /** The field `version`; text in a form. */
  field: number | string | undefined
}

/**
 * Checks that the client has seen the current version, if it states one.
 * @throws {ApiError} CHR_PRECONDITION_FAILED by If-Match, CHR_VERSION_CONFLICT by the field; both with the current state
 */
export function checkSeenVersion ({ headers, field }: SeenVersion, version: number, current: () => object): void {
  const header = headers['if-match']
  if (header !== undefined && !matchesIfMatch(header, `"${version}"`)) throw new ApiError('CHR_PRECONDITION_FAILED', { current: current() })
  if (field !== undefined && String(field) !== String(version)) throw new ApiError('CHR_VERSION_CONFLICT', { current: current() })
}
