import type { FastifyRequest } from 'fastify'
import { readBearerJwt } from '../domain/auth/token.ts'
import { ApiError } from './errors.ts'

/**
 * Returns the audience that a proxy asks a JWT for; `undefined` without one. The first `audience` of the query counts, because Envoy
 * writes the address of its client after its own parameters.
 */
export function readAudience ({ query }: FastifyRequest): string | undefined {
  const { audience } = query as { audience?: string | string[] }
  const first = Array.isArray(audience) ? audience[0] : audience
  return first === '' ? undefined : first
}

/**
 * Checks that a JWT may be signed for the bearer of a token.
 * @throws {ApiError} `CHR_UNAUTHENTICATED` if the token is a JWT itself: by renewing JWTs, its thief could use it beyond its end
 */
export function requireSessionToken ({ headers: { authorization = '' } }: FastifyRequest): void {
  if (readBearerJwt(authorization) === undefined) return
  throw new ApiError('CHR_UNAUTHENTICATED', { message: 'A JWT cannot be exchanged for another one. Send the token of the session.' })
}
