import { isDeepStrictEqual } from 'node:util'
import type { FastifyInstance } from 'fastify'
import { ApiError } from './errors.ts'

/**
 * For the routes of a folder that take no body. Many clients send a content type with nothing, or an empty JSON
 * object; both are fine, and whatever says more is refused.
 */
export function rejectBody (fastify: FastifyInstance): void {
  fastify.addHook('onRequest', ({ headers }, _reply, done) => {
    // Without it no parser runs, which would complain that there is nothing.
    if (headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0) delete headers['content-type']
    done()
  })
  fastify.addHook('preValidation', ({ body }, _reply, done) => {
    const isNothing = body === undefined || body === null || isDeepStrictEqual(body, {})
    done(isNothing ? undefined : new ApiError('CHR_VALIDATION', { message: 'this takes no body' }))
  })
}
