import { isDeepStrictEqual } from 'node:util'
import type { FastifyInstance } from 'fastify'
import { ApiError } from './errors.ts'

/**
 * Refuses request bodies on the routes of this scope. Many clients send a content type without a body, or an empty JSON
 * object; both are accepted, and every other body answers `CHR_VALIDATION`.
 */
export function rejectBody (fastify: FastifyInstance): void {
  fastify.addHook('onRequest', ({ headers }, _reply, done) => {
    // Without a content type no parser runs; a parser would refuse the empty body.
    if (headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0) delete headers['content-type']
    done()
  })
  fastify.addHook('preValidation', ({ body }, _reply, done) => {
    const isEmpty = body === undefined || body === null || isDeepStrictEqual(body, {})
    done(isEmpty ? undefined : new ApiError('CHR_VALIDATION', { message: 'this request must not have a body' }))
  })
}
