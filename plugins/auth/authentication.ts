import fp from 'fastify-plugin'
import type { Session } from '../../db/tokens.ts'
import { sessionOf } from '../../src/http/session-of-request.ts'
import { tokenPattern } from '../../src/domain/auth/token.ts'
import { ApiError } from '../../src/http/errors.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * Hook: sets `request.session` from the Authorization header; without the header the request is anonymous.
     * @throws {ApiError} `CHR_UNAUTHENTICATED` for anything but one valid bearer token
     */
    authenticate (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void
    /** Hook after `authenticate`: refuses anonymous requests with `CHR_UNAUTHENTICATED`. */
    requireUser (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void
    /** Hook after `authenticate`: what a stolen token must not do needs a login within 10 minutes, else `CHR_REAUTHENTICATE`. */
    requireRecentLogin (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void
  }
  interface FastifyRequest {
    /** `null` while anonymous, and outside the scopes that authenticate. */
    session: Session | null
  }
}

const scheme = 'Bearer '
const recentMs = 10 * 60_000

/** Offers the hooks `authenticate` and `requireUser`; a route folder puts them on itself by its autohooks. */
export default fp(async (fastify) => {
  const { tokens, clock } = fastify
  fastify.decorateRequest('session', null)

  // Hooks with a callback: those that return promises cost an authenticated request several more of them.
  fastify.decorate('authenticate', (request, _reply, done) => {
    const header = request.headers.authorization
    if (header === undefined) return done()
    const token = header.startsWith(scheme) ? header.slice(scheme.length) : ''
    if (!tokenPattern.test(token)) return done(new ApiError('CHR_UNAUTHENTICATED'))
    tokens.findSession(token).then((session) => {
      if (session === undefined) return done(new ApiError('CHR_UNAUTHENTICATED'))
      request.session = session
      done()
    }, done)
  })

  fastify.decorate('requireUser', (request, _reply, done) => {
    sessionOf(request)
    done()
  })

  fastify.decorate('requireRecentLogin', (request, _reply, done) => {
    // The login is known by the second.
    const now = Math.floor(clock.now() / 1000) * 1000
    done(now - sessionOf(request).startedAt > recentMs ? new ApiError('CHR_REAUTHENTICATE') : undefined)
  })
}, { name: 'authentication', dependencies: ['tokens'], fastify: '5.x' })
