import { failureBody } from '../http/error-response.ts'
import { ApiError, catalogue, RateLimitedError, type ErrorCode } from '../http/errors.ts'
import { oauthFailureBody } from '../http/oauth-errors.ts'
import { Failure } from '../schemas/common.ts'
import { OAuthFailure } from '../schemas/oauth.ts'
import { composeExample } from './example.ts'
import { toMembers } from './members.ts'
import { describeHeaders, type HeaderName } from './response-headers.ts'

const exampleId = 'Ju3x-1a'
const exampleWaitSeconds = 57

const headersOfStatus: Readonly<Record<string, readonly HeaderName[]>> = {
  401: ['WWW-Authenticate'], 416: ['Content-Range'], 429: ['Retry-After'], 503: ['Retry-After']
}
/** Header of 415 by method (Linked Data Platform 1.0, §7.1; RFC 5789, §3.1). */
const typesHeader: Readonly<Record<string, HeaderName>> = { POST: 'Accept-Post', PATCH: 'Accept-Patch' }

export interface FailureOptions {
  method: string
  errorForm: 'oauth' | undefined
  /** Schemas of bodies that have more than the usual members, by status. */
  bodies: Readonly<Record<string, object>>
}

/** Returns the error responses of a route: one for each status of its codes. */
export function describeFailures (codes: readonly ErrorCode[], options: FailureOptions): Record<string, object> {
  const byStatus = Map.groupBy(codes, (code) => String(catalogue[code].statusCode))
  return Object.fromEntries([...byStatus].map(([status, its]) => [status, describeFailure(its, { ...options, status })]))
}

function describeFailure (codes: readonly ErrorCode[], { status, method, errorForm, bodies }: FailureOptions & { status: string }): object {
  const body = bodies[status] ?? (errorForm === 'oauth' ? OAuthFailure : Failure)
  const headers = [...errorForm === 'oauth' ? [] : ['Content-Language' as const], ...headersOfStatus[status] ?? [], ...status === '415' && typesHeader[method] !== undefined ? [typesHeader[method]] : []]
  // The body of a conflict has the current state of the resource.
  const current = composeExample(toMembers(toMembers(body)['properties'])['current'])
  const examples = codes.map((code) => [code, { value: { ...exampleOf(code, errorForm), ...(current === undefined ? {} : { current }) } }])
  return {
    description: codes.map((code) => `\`${code}\`: ${catalogue[code].sentence}`).join('\n\n'),
    ...(headers.length === 0 ? {} : { headers: describeHeaders(headers) }),
    content: {
      'application/json': {
        schema: { allOf: [body, { type: 'object', properties: { code: { type: 'string', enum: codes } } }] },
        examples: Object.fromEntries(examples) as object
      }
    }
  }
}

function exampleOf (code: ErrorCode, errorForm: 'oauth' | undefined): object {
  const error = code === 'CHR_RATE_LIMITED' ? new RateLimitedError('sends_per_phone_hour', exampleWaitSeconds) : createExample(code)
  return errorForm === 'oauth' ? oauthFailureBody(error, exampleId) : failureBody(error, exampleId)
}

function createExample (code: ErrorCode): ApiError {
  return new ApiError(code, catalogue[code].statusCode === 429 ? { retryAfterSeconds: exampleWaitSeconds } : {})
}
