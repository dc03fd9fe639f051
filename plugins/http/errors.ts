import sensible from '@fastify/sensible'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import FindMyWay, { type HTTPMethod } from 'find-my-way'
import { failureBody, toApiError } from '../../src/http/error-response.ts'
import { ApiError, type ErrorCode } from '../../src/http/errors.ts'
import { describeAddress } from '../../src/http/logged-address.ts'
import { oauthFailureBody } from '../../src/http/oauth-errors.ts'
import { tellLanguage } from '../../src/http/sentence-language.ts'

/** The authentication that a refused request lacks, as the value of WWW-Authenticate. */
const challenges: Partial<Record<ErrorCode, string>> = {
  CHR_UNAUTHENTICATED: 'Bearer',
  CHR_CLIENT_INVALID: 'Basic realm="resource servers"'
}

/** The types of bodies that routes read. */
const bodyTypes = ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data']
/** Headers that name the types of a resource (Linked Data Platform 1.0, §7.1; RFC 5789, §3.1). */
const headersOfTypes: Readonly<Record<string, string>> = { POST: 'accept-post', PATCH: 'accept-patch' }

/** Names the types that the route reads in the header for its method. */
function tellAcceptedTypes ({ method, server }: FastifyRequest, reply: FastifyReply): void {
  const header = headersOfTypes[method]
  if (header !== undefined) reply.header(header, bodyTypes.filter((type) => server.hasContentTypeParser(type)).join(', '))
}

/**
 * Turns every error into a reply and logs it: 5xx at `error` with the cause, 4xx at `info`. Unknown addresses get 404,
 * known addresses with another method 405. Adds the decorators of @fastify/sensible, such as `reply.vary`.
 */
export default fp(async (fastify) => {
  await fastify.register(sensible)

  fastify.setErrorHandler((error, request, reply) => {
    const failure = toApiError(error)
    if (failure.statusCode >= 500) request.log.error({ err: failure.cause ?? error, code: failure.code, ...describeAddress(request) }, failure.message)
    else request.log.info({ code: failure.code, ...describeAddress(request) }, 'request refused')
    if (failure.retryAfterSeconds !== undefined) reply.header('retry-after', failure.retryAfterSeconds)
    const challenge = challenges[failure.code]
    if (challenge !== undefined) reply.header('www-authenticate', challenge)
    if (failure.code === 'CHR_MEDIA_TYPE') tellAcceptedTypes(request, reply)
    const body = request.routeOptions.config.errorForm === 'oauth'
      ? oauthFailureBody(failure, request.id)
      : failureBody(failure, request.id, tellLanguage(request, reply, failure.code))
    // The handler may already have set the content type and caching of a success.
    return reply.code(failure.statusCode).header('content-type', 'application/json; charset=utf-8')
      .header('cache-control', 'no-store').send(body)
  })

  // A second router finds the methods of an address. Fastify has no such function: `findRoute` and `hasRoute` compare templates
  // such as /sessions/:id, not addresses. A route for all other methods could answer 405 too, but its replies would have labels of
  // their own in the metrics, where all unknown addresses share one.
  const routes = FindMyWay({ ignoreTrailingSlash: true })
  const methods = new Set<HTTPMethod>()
  fastify.addHook('onRoute', ({ method, url }) => {
    // CORS registers a preflight for every address; this does not make an address known.
    if (url === '*') return
    for (const each of [method].flat() as HTTPMethod[]) {
      methods.add(each)
      if (routes.findRoute(each, url) === null) routes.on(each, url, () => {})
    }
  })

  fastify.setNotFoundHandler((request, reply) => {
    const path = request.url.replace(/\?.*$/s, '')
    const allowed = [...methods].filter((method) => routes.find(method, path) !== null)
    // Static files call this handler from a matching route when the file is missing.
    if (allowed.length === 0 || allowed.includes(request.method as HTTPMethod)) throw new ApiError('CHR_NOT_FOUND')
    reply.header('allow', allowed.join(', '))
    throw new ApiError('CHR_METHOD_NOT_ALLOWED')
  })
}, { name: 'errors', fastify: '5.x' })
