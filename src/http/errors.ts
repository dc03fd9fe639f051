import { formatNames, resaveAdvice } from '../domain/creatives/image.ts'
import { formatWait } from '../domain/sentences/index.ts'

/**
 * The catalogue of every error response, with its HTTP status and a sentence for people. Clients switch on the code; a
 * throw may replace the sentence by a more exact one.
 */
export const catalogue = {
  CHR_VALIDATION: { statusCode: 400, sentence: 'The request does not have the expected shape.' },
  CHR_PHONE_INVALID: { statusCode: 400, sentence: 'This is not a phone number. Send it in international form, such as +918123456789.' },
  CHR_DATE_PAST: { statusCode: 400, sentence: 'scheduled_at is in the past. The earliest date is today.' },
  CHR_TIME_ZONE_UNKNOWN: { statusCode: 400, sentence: 'tz is not an IANA time zone name, such as Asia/Kolkata.' },
  CHR_MULTIPART_INVALID: { statusCode: 400, sentence: 'The multipart body is broken or incomplete.' },
  CHR_BAD_REQUEST: { statusCode: 400, sentence: 'The request could not be understood.' },
  // Browsers and HTTP clients repeat a request after 408 (RFC 9110, §15.5.9), which would send a large body again and again.
  CHR_REQUEST_TIMEOUT: { statusCode: 400, sentence: 'The request took too long to arrive. Try again on a better connection.' },
  CHR_GRANT_UNSUPPORTED: { statusCode: 400, sentence: 'This grant_type is not supported. Use urn:ietf:params:oauth:grant-type:token-exchange.' },
  CHR_AUDIENCE_UNKNOWN: { statusCode: 400, sentence: 'The audience is not one of this service.' },
  CHR_SCOPE_UNKNOWN: { statusCode: 400, sentence: 'This service has no scopes. Leave the parameter scope out.' },
  CHR_SUBJECT_TOKEN_INVALID: { statusCode: 400, sentence: 'The subject_token is not the token of a valid session.' },
  CHR_TOKEN_TYPE_UNSUPPORTED: { statusCode: 400, sentence: 'A JWT cannot be revoked. It ends within minutes; send the token of its session.' },
  CHR_CLIENT_INVALID: { statusCode: 401, sentence: 'This needs the name and secret of a resource server: Authorization: Basic <credentials>.' },
  CHR_UNAUTHENTICATED: { statusCode: 401, sentence: 'This needs a valid bearer token: Authorization: Bearer <token>.' },
  CHR_OTP_INVALID: { statusCode: 401, sentence: 'The code is wrong or no longer valid.' },
  CHR_REAUTHENTICATE: { statusCode: 403, sentence: 'This needs a login within the last 10 minutes. Sign in again first.' },
  CHR_ORIGIN_REFUSED: {
    statusCode: 403,
    sentence: 'With a cookie, this request must come from a page of the service or of an exact origin in CORS_ORIGINS.'
  },
  CHR_LINK_EXPIRED: { statusCode: 403, sentence: 'This address of the image has expired. Get the creative again for a new one.' },
  CHR_SIGNATURE_INVALID: { statusCode: 403, sentence: 'The signature of the request is missing or wrong.' },
  CHR_QUOTA_EXCEEDED: { statusCode: 403, sentence: 'The image would exceed your quota. Delete images that you no longer need.' },
  CHR_NOT_FOUND: { statusCode: 404, sentence: 'Not found.' },
  CHR_METHOD_NOT_ALLOWED: { statusCode: 405, sentence: 'This address does not support the method.' },
  CHR_OTP_USED: { statusCode: 409, sentence: 'This code was used a moment ago. If you are not signed in, request a new one.' },
  CHR_PHONE_TAKEN: {
    statusCode: 409,
    sentence: 'Another account has this number. If the number is yours, send the same code with take_over: true: the number moves to ' +
      'this account, and the other account is deleted after 30 days.'
  },
  CHR_VERSION_CONFLICT: { statusCode: 409, sentence: 'The resource has changed. Fetch the current version and retry.' },
  CHR_IDEMPOTENCY_CONFLICT: { statusCode: 409, sentence: 'This Idempotency-Key was used for a different upload. Use a new key.' },
  CHR_PRECONDITION_FAILED: {
    statusCode: 412,
    sentence: 'The resource has changed, so If-Match does not match. Fetch the current version and retry.'
  },
  CHR_TOO_LARGE: { statusCode: 413, sentence: 'The request is too large.' },
  CHR_MEDIA_TYPE: { statusCode: 415, sentence: 'This content type is not supported here.' },
  CHR_IMAGE_TYPE: { statusCode: 415, sentence: `The file is not an image. Send ${formatNames}.` },
  CHR_RANGE_NOT_SATISFIABLE: { statusCode: 416, sentence: 'The image has no such range of bytes.' },
  CHR_IMAGE_BROKEN: { statusCode: 422, sentence: `The image is damaged or incomplete. ${resaveAdvice}` },
  CHR_IMAGE_TOO_LARGE: {
    statusCode: 422,
    sentence: 'The image would take too much memory or time to decode. Send a smaller one.'
  },
  CHR_PHONE_NOT_ALLOWED: { statusCode: 422, sentence: 'No SMS can be sent to this number.' },
  CHR_CHANNEL_NOT_ALLOWED: { statusCode: 422, sentence: 'Codes are not sent through this channel. Use "sms", or omit the field.' },
  CHR_NAME_REQUIRED: {
    statusCode: 422,
    sentence: 'The code is correct, but the number has no account yet. Send the code again with a name.'
  },
  CHR_RATE_LIMITED: { statusCode: 429, sentence: 'Too many requests. Try again later.' },
  CHR_OTP_LOCKED: { statusCode: 429, sentence: 'Too many wrong codes. Wait before trying again.' },
  CHR_HEADERS_TOO_LARGE: { statusCode: 431, sentence: 'The request headers are too large.' },
  CHR_INTERNAL: { statusCode: 500, sentence: 'The service failed to process the request.' },
  CHR_UNAVAILABLE: { statusCode: 503, sentence: 'The service is temporarily unavailable. Try again shortly.' }
} as const

export type ErrorCode = keyof typeof catalogue

export interface ErrorDetail {
  /** Name of the field, header or dependency. */
  path: string
  message: string
}

export interface ApiErrorOptions {
  /** Replaces the sentence of the catalogue; clients see it. */
  message?: string
  cause?: unknown
  /** Value of the Retry-After header; by default 1 for 429 and 503. */
  retryAfterSeconds?: number
  details?: ErrorDetail[]
  /** Present state of the resource as a reply body; clients see it. */
  current?: object
}

/** An error of the catalogue. Any code may throw it; the error handler of the service turns it into a response. */
export class ApiError extends Error {
  override readonly name: string = 'ApiError'
  readonly code: ErrorCode
  readonly statusCode: number
  readonly retryAfterSeconds: number | undefined
  readonly details: ErrorDetail[] | undefined
  readonly current: object | undefined

  constructor (code: ErrorCode, options: ApiErrorOptions = {}) {
    super(options.message ?? catalogue[code].sentence, { cause: options.cause })
    this.code = code
    this.statusCode = catalogue[code].statusCode
    this.retryAfterSeconds = options.retryAfterSeconds ?? defaultRetryAfter(this.statusCode)
    this.details = options.details
    this.current = options.current
  }
}

/** A dependency (`postgres`, `redis`, `storage`) failed. The cause is logged and not sent to clients. */
export class UnavailableError extends ApiError {
  override readonly name = 'UnavailableError'
  readonly dependency: string

  constructor (dependency: string, cause?: unknown) {
    super('CHR_UNAVAILABLE', { cause })
    this.dependency = dependency
  }
}

/**
 * A rate limit is exceeded. Its name (`sends_per_phone_hour`, ...) goes to logs, metrics and the body of the response. It tells no more
 * than the refusal: limits count requests, whether or not the number has an account.
 */
export class RateLimitedError extends ApiError {
  override readonly name = 'RateLimitedError'
  readonly limit: string

  constructor (limit: string, retryAfterSeconds: number, message?: string) {
    super('CHR_RATE_LIMITED', { retryAfterSeconds, message: message ?? `Too many requests. Try again in ${describeWait(retryAfterSeconds)}.` })
    this.limit = limit
  }
}

/** Describes a wait in seconds for a sentence: in seconds, minutes or hours, rounded up. */
export function describeWait (seconds: number): string {
  return formatWait('en', seconds)
}

function defaultRetryAfter (statusCode: number): number | undefined {
  return statusCode === 429 || statusCode === 503 ? 1 : undefined
}

/** Returns the name of an error, for logs that must not contain its message. */
export function getErrorName (error: unknown): string {
  return error instanceof Error ? error.name : typeof error
}

/**
 * Awaits work of the file system or the blob store, and reports every failure as unavailable storage.
 * @throws {UnavailableError}
 */
export async function orUnavailable<T> (work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof UnavailableError) throw error
    throw new UnavailableError('storage', error)
  }
}
