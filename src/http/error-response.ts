import type { FastifyError } from 'fastify'
import { placeholdersOf, type PeopleCode } from '../domain/sentences/contract.ts'
import { errorSentence, type SentenceLanguage } from '../domain/sentences/index.ts'
import { ApiError, catalogue, RateLimitedError, type ErrorCode, type ErrorDetail } from './errors.ts'

/** Body of an error response, as described by the schema `Failure`. */
export interface FailureBody {
  error: string
  code: ErrorCode
  request_id: string
  details?: ErrorDetail[]
  /** Seconds, as in the header Retry-After. */
  retry_after?: number
  /** Name of the limit that is exceeded. */
  limit?: string
  current?: object
}

/**
 * Returns the body of an error response. In another language than English, `error` is the general sentence of the code; an exact English
 * sentence, which may say more, moves to `details`.
 */
export function failureBody (error: ApiError, requestId: string, language: SentenceLanguage = 'en'): FailureBody {
  const { message, code, current, retryAfterSeconds } = error
  const sentence = errorSentence(language, code, retryAfterSeconds)
  const isExact = sentence !== undefined && message !== catalogue[code].sentence && placeholdersOf[code as PeopleCode] !== 'wait'
  const { details = isExact ? [{ path: '', message }] : undefined } = error
  return {
    error: sentence ?? message,
    code,
    request_id: requestId,
    ...(details === undefined ? {} : { details }),
    ...(retryAfterSeconds === undefined ? {} : { retry_after: retryAfterSeconds }),
    ...(error instanceof RateLimitedError ? { limit: error.limit } : {}),
    ...(current === undefined ? {} : { current })
  }
}

/** Errors of Fastify and its plugins, with their code in the catalogue. */
const byFastifyCode: Record<string, { code: ErrorCode, message?: string }> = {
  FST_ERR_CTP_EMPTY_JSON_BODY: { code: 'CHR_VALIDATION', message: 'body must not be empty' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: { code: 'CHR_BAD_REQUEST', message: 'The body does not have the length that its header states.' },
  FST_ERR_CTP_BODY_TOO_LARGE: { code: 'CHR_TOO_LARGE' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: { code: 'CHR_MEDIA_TYPE' },
  FST_ERR_BAD_URL: { code: 'CHR_BAD_REQUEST', message: 'The address is not well formed.' },
  FST_INVALID_MULTIPART_CONTENT_TYPE: { code: 'CHR_MEDIA_TYPE', message: 'Send the upload as multipart/form-data.' }
}

const byStatus: Record<number, ErrorCode> = {
  401: 'CHR_UNAUTHENTICATED',
  404: 'CHR_NOT_FOUND',
  405: 'CHR_METHOD_NOT_ALLOWED',
  408: 'CHR_REQUEST_TIMEOUT',
  413: 'CHR_TOO_LARGE',
  415: 'CHR_MEDIA_TYPE',
  429: 'CHR_RATE_LIMITED',
  431: 'CHR_HEADERS_TOO_LARGE',
  503: 'CHR_UNAVAILABLE'
}

/** Maps any error to one of the catalogue. Unknown errors become `CHR_INTERNAL`, without their text. */
export function toApiError (error: unknown): ApiError {
  if (error instanceof ApiError) return error
  if (!(error instanceof Error)) return new ApiError('CHR_INTERNAL', { cause: error })
  const { validation, validationContext, code, statusCode = 500 } = error as Partial<FastifyError>
  if (validation !== undefined) return validationError(validation, validationContext ?? 'body', error)
  const known = byFastifyCode[code ?? '']
  if (known !== undefined) return new ApiError(known.code, { message: known.message, cause: error })
  const fallback = statusCode >= 400 && statusCode < 500 ? 'CHR_BAD_REQUEST' : 'CHR_INTERNAL'
  return new ApiError(byStatus[statusCode] ?? fallback, { cause: error })
}

type ValidationProblem = NonNullable<FastifyError['validation']>[number]

function validationError (problems: ValidationProblem[], part: string, cause: Error): ApiError {
  const details = mergeLiterals(problems).map((problem) => describe(problem, part))
  return new ApiError('CHR_VALIDATION', { message: details[0]?.message ?? catalogue.CHR_VALIDATION.sentence, details, cause })
}

/** Ajv reports an enum of literals once per literal and once as a whole; this merges them into one problem. */
function mergeLiterals (problems: ValidationProblem[]): ValidationProblem[] {
  return problems.flatMap((problem) => {
    const those = problems.filter(({ instancePath }) => instancePath === problem.instancePath)
    if (!those.some(({ keyword }) => keyword === 'anyOf')) return [problem]
    const words = those.filter(({ keyword }) => keyword === 'const').map(({ params }) => params['allowedValue'])
    if (problem.keyword === 'const') return []
    return problem.keyword === 'anyOf' && words.length > 0 ? [{ ...problem, keyword: 'enum', params: { allowedValues: words } }] : [problem]
  })
}

function describe ({ keyword, instancePath, params, message = 'is not valid' }: ValidationProblem, part: string): ErrorDetail {
  const path = instancePath.slice(1).replaceAll('/', '.')
  const field = path === '' ? part : `field "${path}"`
  switch (keyword) {
    case 'required':
      return { path: String(params['missingProperty']), message: `field "${String(params['missingProperty'])}" is required` }
    case 'additionalProperties':
      return {
        path: String(params['additionalProperty']), message: `${part} has the unknown field "${String(params['additionalProperty'])}"`
      }
    case 'type':
      return { path, message: `${field} has the wrong JSON type: it must be ${[params['type']].flat().join(' or ')}` }
    case 'pattern':
      return { path, message: `${field} has forbidden characters or the wrong form` }
    case 'format':
      return { path, message: `${field} is not a ${String(params['format']).replace('-', ' ')}` }
    case 'enum':
      return { path, message: `${field} is not one of ${[params['allowedValues']].flat().join(', ')}` }
    case 'const':
      return { path, message: `${field} is not ${String(params['allowedValue'])}` }
    case 'anyOf':
      return { path, message: `${field} is not one of the allowed values` }
    default:
      return { path, message: `${field} ${message}` }
  }
}
