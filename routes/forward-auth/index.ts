import { METHODS } from 'node:http'
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Session } from '../../db/tokens.ts'
import { getSession } from '../../src/http/access.ts'
import { ApiError } from '../../src/http/errors.ts'
import { createCookieRule, readAudience, requireSessionToken } from '../../src/http/forward-auth.ts'

/** Node passes a CONNECT request to no handler. The route of GET registers HEAD too. */
const otherMethods = METHODS.filter((method) => !['CONNECT', 'GET', 'HEAD'].includes(method))

/** All headers are always set, because a proxy may forward the header of the client in place of a missing one. */
function sendSession (reply: FastifyReply, { userId, id, startedAt }: Session, authorization: string): void {
  reply.code(204).headers({
    'x-cheershare-user': String(userId),
    'x-cheershare-session': String(id),
    'x-cheershare-signed-in-at': new Date(startedAt).toISOString(),
    authorization
  }).send()
}

/**
 * Answers a proxy whether the sender of a request is signed in: nginx auth_request, Traefik ForwardAuth, Caddy forward_auth and Envoy
 * ext_authz. Proxies use the method and the path of the original request, so every method and every path below is accepted.
 */
const forwardAuthRoutes: FastifyPluginAsyncTypebox = async (fastify) => {
  const { accessTokens, config } = fastify
  const checkCookie = createCookieRule(config.http)
  for (const method of otherMethods) if (!fastify.supportedMethods.includes(method)) fastify.addHttpMethod(method)

  function answer (request: FastifyRequest, reply: FastifyReply): void {
    const session = getSession(request)
    checkCookie(request)
    const audience = readAudience(request)
    if (audience === undefined) return sendSession(reply, session, '')
    requireSessionToken(request)
    if (!accessTokens.audiences.includes(audience)) throw new ApiError('CHR_AUDIENCE_UNKNOWN')
    accessTokens.sign(session, audience).then(({ token }) => { sendSession(reply, session, `Bearer ${token}`) }, (error: Error) => reply.send(error))
  }

  const options = {
    // A preflight of the application behind the proxy is not a preflight of this service, and must not be answered with success.
    config: { cors: false, ignoresBody: true, checksOrigin: true },
    // The hook answers before a parser would read the body. Fastify needs the handler and does not reach it.
    onRequest: answer,
    handler: answer
  } as const

  fastify.route({
    ...options,
    method: 'GET',
    url: '',
    schema: {
      operationId: 'forwardAuth',
      tags: ['login'],
      summary: 'Check a token for a proxy',
      description: 'For `auth_request` of nginx and its like in other proxies. The same applies to every other method and to every path ' +
        'below this one. The body is not read. With `audience`, `Authorization` of the answer has a JWT for that service, and ' +
        'is empty without it.',
      querystring: Type.Object({
        audience: Type.Optional(Type.String({ description: 'One of `JWT_AUDIENCES`; the first one counts', examples: ['https://orders.example.com'] }))
      }),
      responseHeaders: { 204: ['Authorization', 'X-Cheershare-Session', 'X-Cheershare-Signed-In-At', 'X-Cheershare-User'] },
      failures: ['CHR_AUDIENCE_UNKNOWN', 'CHR_ORIGIN_REFUSED'],
      response: { 204: Type.Null({ description: 'Signed in' }) }
    }
  })
  fastify.route({ ...options, method: otherMethods, url: '', schema: { hide: true } })
  fastify.route({ ...options, method: ['GET', ...otherMethods], url: '/*', schema: { hide: true } })
}

export default forwardAuthRoutes
