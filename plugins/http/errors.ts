import fp from 'fastify-plugin'
import FindMyWay, { type HTTPMethod } from 'find-my-way'
import { failureBody, toApiError } from '../../src/http/error-response.ts'
import { ApiError } from '../../src/http/errors.ts'

/**
 * The one place that turns errors into answers and logs them: 5xx at `error` with their cause, the rest at `info`.
 * Unknown addresses answer 404, known ones with another method 405.
 */
export default fp(async (fastify) => {
  fastify.setErrorHandler((error, request, reply) => {
    const failure = toApiError(error)
    if (failure.statusCode >= 500) request.log.error({ err: failure.cause ?? error, code: failure.code }, failure.message)
    else request.log.info({ code: failure.code }, 'request refused')
    if (failure.retryAfterSeconds !== undefined) reply.header('retry-after', failure.retryAfterSeconds)
    if (failure.code === 'CHR_UNAUTHENTICATED') reply.header('www-authenticate', 'Bearer')
    // Content types and caching set for a success do not fit a failure.
    return reply.code(failure.statusCode).header('content-type', 'application/json; charset=utf-8')
      .header('cache-control', 'no-store').send(failureBody(failure, request.id))
  })

  const routes = FindMyWay({ ignoreTrailingSlash: true })
  const methods = new Set<HTTPMethod>()
  fastify.addHook('onRoute', ({ method, url }) => {
    // CORS answers preflights of any address; that makes none of them known.
    if (url === '*') return
    for (const each of [method].flat() as HTTPMethod[]) {
      methods.add(each)
      if (routes.findRoute(each, url) === null) routes.on(each, url, () => {})
    }
  })

  fastify.setNotFoundHandler((request, reply) => {
    const path = request.url.replace(/\?.*$/s, '')
    const allowed = [...methods].filter((method) => routes.find(method, path) !== null)
    // A route that took the method may still say that there is nothing, as static files do.
    if (allowed.length === 0 || allowed.includes(request.method as HTTPMethod)) throw new ApiError('CHR_NOT_FOUND')
    reply.header('allow', allowed.join(', '))
    throw new ApiError('CHR_METHOD_NOT_ALLOWED')
  })
}, { name: 'errors', fastify: '5.x' })
