import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { createSessionCookie, type SessionCookie } from '../../src/http/session-cookie.ts'

declare module 'fastify' {
  interface FastifyInstance {
    sessionCookie: SessionCookie & {
      /** Removes the cookie if the request used it, because its session has just ended. */
      end (request: FastifyRequest, reply: FastifyReply): void
    }
  }
}

/** The cookie of sessions that begin with `"session": "cookie"`. Scripts cannot read it. */
export default fp(async (fastify) => {
  const cookie = createSessionCookie(fastify.config.http)
  fastify.decorateRequest('hasSessionCookie', false)
  fastify.decorate('sessionCookie', {
    ...cookie,
    end (request, reply) { if (request.hasSessionCookie) cookie.clear(reply) }
  })
}, { name: 'session-cookie', fastify: '5.x' })
