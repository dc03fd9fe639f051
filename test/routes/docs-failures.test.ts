import t from 'tap'
import { catalogue, type ErrorCode } from '../../src/http/errors.ts'
import { isMembers, toMembers, type Members } from '../../src/openapi/members.ts'
import { build } from '../support/helper.ts'

interface Failure {
  headers?: Record<string, unknown>
  content: { 'application/json': { schema: { allOf: [{ $ref: string }, { properties: { code: { enum: ErrorCode[] } } }] }, examples: Record<string, { value: Members }> } }
}
interface Document {
  paths: Record<string, Record<string, { responses: Record<string, Failure | { $ref: string }> }>>
  components: { responses: Record<string, Failure> }
}

const app = await build(t)
const document = (await app.inject({ url: '/docs/json' })).json<Document>()

/** Returns the error responses of an operation by status. */
function failuresOf (operation: string): Array<[status: string, failure: Failure]> {
  const [method = '', path = ''] = operation.split(' ')
  const { responses } = document.paths[path]?.[method.toLowerCase()] ?? { responses: {} }
  const failures = Object.entries(responses).filter(([status]) => Number(status) >= 400)
  return failures.map(([status, response]) => [status, '$ref' in response ? resolve(response.$ref) : response])
}

function resolve (reference: string): Failure {
  const found = document.components.responses[reference.replace('#/components/responses/', '')]
  if (found === undefined) throw new Error(`${reference} does not exist`)
  return found
}

const codesOf = (failure: Failure) => failure.content['application/json'].schema.allOf[1].properties.code.enum
const operations = Object.entries(document.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`))

t.test('every error response names its codes, with an example and the headers of each', async (t) => {
  for (const operation of operations) {
    const failures = failuresOf(operation)
    for (const [status, failure] of failures) {
      const { schema, examples } = failure.content['application/json']
      const isOAuth = ['POST /introspect', 'POST /revoke', 'POST /token'].includes(operation)
      const codes = codesOf(failure)
      const base = schema.allOf[0].$ref.replace('#/components/schemas/', '')
      t.ok([isOAuth ? 'OAuthFailure' : 'Failure', 'AccountConflict', 'CreativeConflict'].includes(base), `${operation} ${status} ${base}`)
      t.same(Object.keys(examples), codes, `${operation} ${status}`)
      for (const code of codes) {
        const is = catalogue[code].statusCode
        t.equal(status, String(is), `${operation} ${status} ${code}`)
        t.match(examples[code]?.value, { code, [isOAuth ? 'error_description' : 'error']: /./, request_id: /./ }, `${operation} ${code}`)
      }
      const headers: Record<string, string> = { 401: 'WWW-Authenticate', 416: 'Content-Range', 429: 'Retry-After', 503: 'Retry-After' }
      const header = headers[status]
      if (header !== undefined) t.ok(isMembers(toMembers(failure.headers)[header]), `${operation} ${status} has ${header}`)
    }
  }
})

t.test('codes follow from the access, the parameters and the method of a route', async (t) => {
  const expected: Record<string, string[]> = {
    'GET /protected': ['401 UNAUTHENTICATED'],
    'POST /logout': ['400 VALIDATION', '401 UNAUTHENTICATED', '403 ORIGIN_REFUSED', '413 TOO_LARGE', '415 MEDIA_TYPE'],
    'GET /deliveries/{id}': ['400 VALIDATION', '404 NOT_FOUND'],
    'POST /introspect': ['400 VALIDATION', '401 CLIENT_INVALID', '413 TOO_LARGE', '415 MEDIA_TYPE'],
    'GET /health/ready': [],
    'POST /login': [
      '400 VALIDATION', '400 PHONE_INVALID', '413 TOO_LARGE', '415 MEDIA_TYPE', '422 PHONE_NOT_ALLOWED', '422 CHANNEL_NOT_ALLOWED', '429 OTP_LOCKED',
      '429 RATE_LIMITED'
    ]
  }
  const general = ['CHR_BAD_REQUEST', 'CHR_REQUEST_TIMEOUT', 'CHR_HEADERS_TOO_LARGE', 'CHR_INTERNAL', 'CHR_UNAVAILABLE']
  for (const [operation, codes] of Object.entries(expected)) {
    const declared = failuresOf(operation).flatMap(([status, failure]) => codesOf(failure).filter((code) => !general.includes(code))
      .map((code) => `${status} ${code.replace('CHR_', '')}`))
    t.same(declared, codes, operation)
  }
})

t.test('a response that several operations have is shared under the name of its codes', async (t) => {
  t.ok(['Unauthenticated', 'NotFound', 'OtpLockedOrRateLimited', 'BadRequestOrRequestTimeout', 'OAuthInternal'].every((name) => name in document.components.responses))
})
