import type { RouteOptions } from 'fastify'
import type { Access } from '../http/access.ts'
import type { ErrorCode } from '../http/errors.ts'

/** Codes that every request may meet, before its route is known or when the service fails. */
const generalCodes: readonly ErrorCode[] = ['CHR_BAD_REQUEST', 'CHR_REQUEST_TIMEOUT', 'CHR_HEADERS_TOO_LARGE', 'CHR_INTERNAL', 'CHR_UNAVAILABLE']

/** Codes of the check of who sends the request. */
const codesOfAccess: Partial<Record<Access, readonly ErrorCode[]>> = {
  user: ['CHR_UNAUTHENTICATED'],
  'link or user': ['CHR_UNAUTHENTICATED'],
  'resource server': ['CHR_CLIENT_INVALID'],
  'provider signature': ['CHR_SIGNATURE_INVALID'],
  'this machine': ['CHR_NOT_FOUND']
}

const bodyCodes: readonly ErrorCode[] = ['CHR_VALIDATION', 'CHR_MEDIA_TYPE', 'CHR_TOO_LARGE']

/**
 * Returns the codes that a route may answer: the general ones, those that it declares in `schema.failures`, and those that
 * follow from its access, its parameters and its method. A request that changes something may have a body, and with a cookie it must
 * come from an admitted origin.
 */
export function listFailureCodes ({ schema = {}, config, method }: RouteOptions): ErrorCode[] {
  const { access = 'anyone' } = config ?? {}
  const isWrite = ![method].flat().includes('GET')
  const { failures = [], params, querystring, headers } = schema
  const hasParameters = params !== undefined || querystring !== undefined || headers !== undefined
  return [...new Set<ErrorCode>([
    ...hasParameters ? ['CHR_VALIDATION' as const] : [],
    ...isWrite ? bodyCodes : [],
    ...failures,
    ...codesOfAccess[access] ?? [],
    ...isWrite && access === 'user' ? ['CHR_ORIGIN_REFUSED' as const] : [],
    ...generalCodes
  ])]
}
