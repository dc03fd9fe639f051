import type { FastifyRequest } from 'fastify'
import { ApiError } from './errors.ts'

/**
 * Returns the session of a request.
 * @throws {ApiError} `CHR_UNAUTHENTICATED` if the request is anonymous
 */
export function getSession (request: FastifyRequest) {
  if (request.session === null) throw new ApiError('CHR_UNAUTHENTICATED')
  return request.session
}
