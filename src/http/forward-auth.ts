import type { FastifyRequest } from 'fastify'
import { readBearerJwt } from '../domain/auth/token.ts'
import type { HttpConfig } from '../config/http.ts'
import { ApiError } from './errors.ts'
import { trustedOrigins } from './session-cookie.ts'

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

const isReading = (method: string) => method === 'GET' || method === 'HEAD'

/**
 * Returns the methods that a request stands for: those that the proxy tells, and its own. Only a method other than GET and HEAD is known
 * to be the original one if the proxy tells none, because proxies replace others by GET. The result is empty if it is not known.
 */
function readMethods ({ method, headers }: Pick<FastifyRequest, 'method' | 'headers'>): string[] {
  const told = [headers['x-original-method'], headers['x-forwarded-method']].filter((value) => typeof value === 'string')
  return told.length === 0 && isReading(method) ? [] : [...told, method]
}

/** A check that a request without an Authorization header may use its session. It throws `CHR_UNAUTHENTICATED`. */
export type CookieRule = (request: Pick<FastifyRequest, 'method' | 'headers'>) => void

/**
 * Creates the check of requests that a cookie authenticates. Browsers send cookies with requests of other sites too, so a write must
 * come from the same origin, from PUBLIC_URL or from an http(s) origin of CORS_ORIGINS. The method must be known.
 */
export function createCookieRule ({ baseUrl, corsOrigins }: Pick<HttpConfig, 'baseUrl' | 'corsOrigins'>): CookieRule {
  const origins = trustedOrigins({ baseUrl, corsOrigins })

  return ({ method, headers }) => {
    if (headers.authorization !== undefined) return
    const methods = readMethods({ method, headers })
    const isOwn = headers['sec-fetch-site'] === 'same-origin' || origins.has(headers.origin ?? '')
    if (methods.length > 0 && (isOwn || methods.every(isReading))) return
    throw new ApiError('CHR_UNAUTHENTICATED', {
      message: methods.length === 0
        ? 'With a cookie, the proxy must tell the original method in X-Original-Method.'
        : 'With a cookie, a request that writes must come from a page of the service.'
    })
  }
}
