import type { FastifyRequest } from 'fastify'
import { ApiError } from './errors.ts'

/**
 * The signed-in user of a request.
 * @throws {ApiError} `CHR_UNAUTHENTICATED` when it is anonymous
 */
export function userOf (request: FastifyRequest) {
  if (request.user === null) throw new ApiError('CHR_UNAUTHENTICATED')
  return request.user
}
