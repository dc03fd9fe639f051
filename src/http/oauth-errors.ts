import type { ApiError, ErrorCode } from './errors.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Form of the error responses of a route; by default that of the catalogue. */
    errorForm?: 'oauth'
  }
}

/** Body of an error response of the OAuth routes (RFC 6749, §5.2), as described by the schema `OAuthFailure`. */
export interface OAuthFailureBody {
  error: string
  error_description: string
  code: ErrorCode
  request_id: string
}

/** Errors of OAuth by code of the catalogue; every other one is `invalid_request`, or `server_error` above 499. */
const names: Partial<Record<ErrorCode, string>> = {
  CHR_GRANT_UNSUPPORTED: 'unsupported_grant_type',
  // RFC 8693, §2.2.2: an invalid subject_token is an invalid request.
  CHR_SUBJECT_TOKEN_INVALID: 'invalid_request',
  CHR_AUDIENCE_UNKNOWN: 'invalid_target',
  CHR_SCOPE_UNKNOWN: 'invalid_scope',
  CHR_CLIENT_INVALID: 'invalid_client',
  CHR_TOKEN_TYPE_UNSUPPORTED: 'unsupported_token_type',
  CHR_UNAVAILABLE: 'temporarily_unavailable'
}

/** `error_description` may have printable ASCII characters other than quotes and backslashes (RFC 6749, §5.2). */
const forbidden = /[^\x20-\x21\x23-\x5b\x5d-\x7e]/g

export function oauthFailureBody ({ code, message, statusCode }: ApiError, requestId: string): OAuthFailureBody {
  const error = names[code] ?? (statusCode >= 500 ? 'server_error' : 'invalid_request')
  return { error, error_description: message.replaceAll('"', "'").replaceAll(forbidden, '?'), code, request_id: requestId }
}
