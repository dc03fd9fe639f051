import { METHODS } from 'node:http'
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { getSession } from '../../src/http/access.ts'
import { bearer, failures } from '../../src/schemas/common.ts'

/** Node passes a CONNECT request to no handler. The route of GET registers HEAD too. */
const otherMethods = METHODS.filter((method) => !['CONNECT', 'GET', 'HEAD'].includes(method))

/**
 * Answers a proxy whether the sender of a request is signed in: nginx auth_request, Traefik ForwardAuth, Caddy forward_auth and Envoy
 * ext_authz. Proxies use the method and the path of the original request, so every method and every path below is accepted.
 */
const forwardAuthRoutes: FastifyPluginAsyncTypebox = async (fastify) => {
  for (const method of otherMethods) if (!fastify.supportedMethods.includes(method)) fastify.addHttpMethod(method)

  function answer (request: FastifyRequest, reply: FastifyReply): void {
    const { userId, id, startedAt } = getSession(request)
    // All of them are always set, because a proxy may forward the header of the client in place of a missing one.
    reply.code(204).headers({
      'x-cheershare-user': String(userId),
      'x-cheershare-session': String(id),
      'x-cheershare-signed-in-at': new Date(startedAt).toISOString(),
      authorization: ''
    }).send()
  }

  const options = {
    // A preflight of the application behind the proxy is not a preflight of this service, and must not be answered with success.
    config: { cors: false, ignoresBody: true },
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
      security: bearer,
      response: { 204: Type.Null({ description: 'Signed in' }), ...failures }
    }
  })
  fastify.route({ ...options, method: otherMethods, url: '', schema: { hide: true, security: bearer } })
  fastify.route({ ...options, method: ['GET', ...otherMethods], url: '/*', schema: { hide: true, security: bearer } })
}

export default forwardAuthRoutes
