import type { FastifyRequest, preValidationHookHandler } from 'fastify'
import fp from 'fastify-plugin'
import { parse } from 'secure-json-parse'
import { ApiError } from '../../src/http/errors.ts'
import { compileBody, compileReply, compileTexts } from '../../src/http/schema-compilers.ts'

/**
 * Sets the validators of requests, the serializers of replies and the only parser, which is for JSON. Bodies are validated
 * strictly, queries and paths with coercion. A route with a body schema answers `CHR_VALIDATION` to a request without a body.
 */
export default fp(async (fastify) => {
  fastify.setValidatorCompiler<object>(({ schema, httpPart }) => httpPart === 'body' ? compileBody(schema) : compileTexts(schema))
  fastify.setSerializerCompiler<object>(({ schema }) => compileReply(schema))

  // Without a body and a content type no parser runs, and the validator would only say that it expects an object.
  const requireBody: preValidationHookHandler = ({ body, headers }, _reply, done) => {
    done(body === undefined && headers['content-type'] === undefined ? emptyBody() : undefined)
  }
  fastify.addHook('onRoute', (route) => {
    if (route.schema?.body !== undefined) route.preValidation = [requireBody, ...[route.preValidation ?? []].flat()]
  })

  fastify.removeAllContentTypeParsers()
  fastify.addContentTypeParser('application/json', { parseAs: 'string' }, async (_request: FastifyRequest, body: string) => parseJson(body))
}, { name: 'validation', fastify: '5.x' })

const emptyBody = () => new ApiError('CHR_VALIDATION', { message: 'body must not be empty' })

function parseJson (body: string): unknown {
  if (body.trim() === '') throw emptyBody()
  try {
    return parse(body, { protoAction: 'error', constructorAction: 'error' }) as unknown
  } catch (error) {
    throw new ApiError('CHR_VALIDATION', { message: explain(error), cause: error })
  }
}

/** Returns only the position from the message of V8, since that message quotes the body, which may hold a code. */
function explain (error: unknown): string {
  const text = String(error)
  if (text.includes('forbidden prototype property')) return 'body has a field with a forbidden name'
  // Only the beginning is compared: the rest of the message may quote the body.
  if (text.startsWith('SyntaxError: Unexpected non-whitespace character after JSON')) return 'body must only contain a single JSON value'
  const at = /position (\d+)/.exec(text)?.[1]
  return at === undefined ? 'body contains badly-formed JSON' : `body contains badly-formed JSON (at character ${Number(at) + 1})`
}
