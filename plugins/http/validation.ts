import { Ajv, type Options } from 'ajv'
import type { FastifyRequest, preValidationHookHandler } from 'fastify'
import fp from 'fastify-plugin'
import { parse } from 'secure-json-parse'
import { isLanguageTag } from '../../src/domain/sms/language-choice.ts'
import { ApiError } from '../../src/http/errors.ts'

/** Fastify's defaults would drop unknown fields and turn numbers into texts; in bodies nothing is bent to fit. */
const strict: Options = { allErrors: false, removeAdditional: false, coerceTypes: false, useDefaults: false, formats: { 'language-tag': isLanguageTag } }
/** Everything in a query or path is text, so there types are coerced. */
const fromText: Options = { ...strict, coerceTypes: true, useDefaults: true }

/** The strict reader of requests: JSON bodies of one value, checked against the route's schema without mercy. */
export default fp(async (fastify) => {
  const bodies = new Ajv(strict)
  const texts = new Ajv(fromText)
  fastify.setValidatorCompiler<object>(({ schema, httpPart }) => (httpPart === 'body' ? bodies : texts).compile(schema))

  // Without a body and its type no parser runs, and the schema would only miss an object.
  const requireBody: preValidationHookHandler = ({ body, headers }, _reply, done) => {
    done(body === undefined && headers['content-type'] === undefined ? emptyBody() : undefined)
  }
  fastify.addHook('onRoute', (route) => {
    if (route.schema?.body !== undefined) route.preValidation = [requireBody, ...[route.preValidation ?? []].flat()]
  })

  fastify.removeAllContentTypeParsers()
  fastify.addContentTypeParser('application/json', { parseAs: 'string' }, async (_request: FastifyRequest, body: string) => readJson(body))
}, { name: 'validation', fastify: '5.x' })

const emptyBody = () => new ApiError('CHR_VALIDATION', { message: 'body must not be empty' })

function readJson (body: string): unknown {
  if (body.trim() === '') throw emptyBody()
  try {
    return parse(body, { protoAction: 'error', constructorAction: 'error' }) as unknown
  } catch (error) {
    throw new ApiError('CHR_VALIDATION', { message: explain(error), cause: error })
  }
}

/** V8 says where it stumbled, but repeats the text that it stumbled over, which may be a code: only the place is told. */
function explain (error: unknown): string {
  const text = String(error)
  if (text.includes('forbidden prototype property')) return 'body has a field with a forbidden name'
  // Only its beginning is V8's own: further on it may repeat the body.
  if (text.startsWith('SyntaxError: Unexpected non-whitespace character after JSON')) return 'body must only contain a single JSON value'
  const at = /position (\d+)/.exec(text)?.[1]
  return at === undefined ? 'body contains badly-formed JSON' : `body contains badly-formed JSON (at character ${Number(at) + 1})`
}
