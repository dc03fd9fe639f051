import { Type } from '@sinclair/typebox'
import Fastify from 'fastify'
import t from 'tap'
import { failureBody, toApiError } from '../../../src/http/error-response.ts'
import { ApiError, catalogue, UnavailableError, type ErrorCode } from '../../../src/http/errors.ts'

const coded = (code: string, statusCode?: number) =>
  Object.assign(new Error('words of its own'), { code, ...(statusCode === undefined ? {} : { statusCode }) })

t.test('an error of the catalogue is returned unchanged', async (t) => {
  const error = new UnavailableError('redis', new Error('refused'))
  t.equal(toApiError(error), error)
})

t.test('errors of Fastify and its plugins get a code and a sentence of the catalogue', async (t) => {
  const rows: Array<[error: unknown, code: ErrorCode]> = [
    [coded('FST_ERR_CTP_EMPTY_JSON_BODY', 400), 'CHR_VALIDATION'],
    [coded('FST_ERR_CTP_INVALID_CONTENT_LENGTH', 400), 'CHR_BAD_REQUEST'],
    [coded('FST_ERR_CTP_BODY_TOO_LARGE', 413), 'CHR_TOO_LARGE'],
    [coded('FST_ERR_CTP_INVALID_MEDIA_TYPE', 415), 'CHR_MEDIA_TYPE'],
    [coded('FST_ERR_BAD_URL', 400), 'CHR_BAD_REQUEST'],
    [coded('FST_INVALID_MULTIPART_CONTENT_TYPE', 406), 'CHR_MEDIA_TYPE'],
    ...([[400, 'CHR_BAD_REQUEST'], [401, 'CHR_UNAUTHENTICATED'], [403, 'CHR_BAD_REQUEST'], [404, 'CHR_NOT_FOUND'],
      [405, 'CHR_METHOD_NOT_ALLOWED'], [408, 'CHR_REQUEST_TIMEOUT'], [413, 'CHR_TOO_LARGE'], [415, 'CHR_MEDIA_TYPE'], [418, 'CHR_BAD_REQUEST'],
      [429, 'CHR_RATE_LIMITED'], [431, 'CHR_HEADERS_TOO_LARGE'], [503, 'CHR_UNAVAILABLE']] as const)
      .map(([statusCode, code]): [unknown, ErrorCode] => [coded('FST_ANY', statusCode), code]),
    ...[200, 302, 500, 502, 600].map((statusCode): [unknown, ErrorCode] => [coded('FST_ANY', statusCode), 'CHR_INTERNAL']),
    [new Error('words of its own'), 'CHR_INTERNAL'],
    [coded('ECONNREFUSED'), 'CHR_INTERNAL'],
    ['words of its own', 'CHR_INTERNAL'],
    [undefined, 'CHR_INTERNAL'],
    [null, 'CHR_INTERNAL'],
    [{ statusCode: 404, message: 'words of its own' }, 'CHR_INTERNAL']
  ]
  for (const [error, code] of rows) {
    const answer = toApiError(error)
    t.equal(answer.code, code)
    t.equal(answer.statusCode, catalogue[code].statusCode)
    t.notMatch(answer.message, /words of its own/)
    t.equal(answer.cause, error, 'the cause is kept for the log')
  }
})

t.test('a validation error names the field in a sentence', async (t) => {
  const schema = Type.Object({
    text: Type.Optional(Type.String({ minLength: 2, pattern: '^[a-z]*$' })),
    any: Type.Optional(Type.Union([Type.Literal('on'), Type.Literal('off')])),
    one: Type.Optional(Type.Literal('one')),
    two: Type.Optional(Type.Unsafe<string | number>({ type: ['string', 'number'] })),
    few: Type.Optional(Type.Unsafe<string>({ enum: ['a', 'b'] })),
    deep: Type.Optional(Type.Object({ list: Type.Array(Type.Integer()) })),
    needed: Type.String()
  }, { additionalProperties: false })
  const app = Fastify({ ajv: { customOptions: { coerceTypes: false, removeAdditional: false } } })
  app.post('/', { schema: { body: schema } }, async () => 'ok')
  app.setErrorHandler((error, request, reply) => reply.code(200).send(failureBody(toApiError(error), request.id)))
  const rows: Array<[body: unknown, path: string, message: string]> = [
    [{}, 'needed', 'field "needed" is required'],
    [{ needed: 'x', other: 1 }, 'other', 'body has the unknown field "other"'],
    [{ needed: 1 }, 'needed', 'field "needed" has the wrong JSON type: it must be string'],
    [{ needed: 'x', two: true }, 'two', 'field "two" has the wrong JSON type: it must be string or number'],
    [{ needed: 'x', deep: { list: [1, 'x'] } }, 'deep.list.1', 'field "deep.list.1" has the wrong JSON type: it must be integer'],
    [{ needed: 'x', text: 'AB' }, 'text', 'field "text" has forbidden characters or the wrong form'],
    [{ needed: 'x', text: 'a' }, 'text', 'field "text" must NOT have fewer than 2 characters'],
    [{ needed: 'x', one: 'two' }, 'one', 'field "one" is not one'],
    [{ needed: 'x', any: 'maybe' }, 'any', 'field "any" is not one of on, off'],
    [{ needed: 'x', few: 'c' }, 'few', 'field "few" is not one of a, b']
  ]
  for (const [payload, path, message] of rows) {
    const { request_id: id, ...body } = (await app.inject({ method: 'POST', url: '/', payload: payload as object })).json()
    t.same(body, { error: message, code: 'CHR_VALIDATION', details: [{ path, message }] })
    t.ok(id)
  }
})

t.test('a validation error without details gets a general sentence', async (t) => {
  const found = (validation: object[], validationContext?: string) => toApiError(
    Object.assign(new Error('x'), { validation, validationContext })
  )
  t.match(found([]), { code: 'CHR_VALIDATION', message: 'The request does not have the expected shape.', details: [] })
  t.match(found([{ keyword: 'odd', instancePath: '', params: {} }]), { message: 'body is not valid' })
  t.match(found([{ keyword: 'format', instancePath: '/locale', params: { format: 'language-tag' }, message: 'must match' }]), {
    message: 'field "locale" is not a language tag'
  })
  t.match(found([{ keyword: 'odd', instancePath: '', params: {}, message: 'is odd' }], 'headers'), { message: 'headers is odd' })
})

t.test('an error body has details only if the error has them', async (t) => {
  t.same(failureBody(new ApiError('CHR_NOT_FOUND'), 'id-1'), { error: 'Not found.', code: 'CHR_NOT_FOUND', request_id: 'id-1' })
  const details = [{ path: 'name', message: 'is odd' }]
  const error = new ApiError('CHR_VALIDATION', { message: 'odd', details })
  t.same(failureBody(error, 'id-2'), { error: 'odd', code: 'CHR_VALIDATION', request_id: 'id-2', details })
})
