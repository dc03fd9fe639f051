import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Session } from '../../db/tokens.ts'
import { getSession } from '../../src/http/access.ts'
import { readBearerJwt, readBearerToken } from '../../src/domain/auth/token.ts'
import { ApiError } from '../../src/http/errors.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * Hook: sets `request.session` from the Authorization header, or without one from the session cookie. A request without both is
     * anonymous.
     * The token is that of a session, or a JWT for the service itself.
     * @throws {ApiError} `CHR_UNAUTHENTICATED` for any header other than a valid bearer token; `CHR_ORIGIN_REFUSED` for a write with a cookie
     *   that does not come from a page of the service
     */
    authenticate (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void
    /** Hook after `authenticate`: refuses anonymous requests with `CHR_UNAUTHENTICATED`. */
    requireUser (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void
    /**
     * Hook after `authenticate`: refuses with `CHR_REAUTHENTICATE` if the login was over 10 minutes ago, so a stolen token is
     * not enough.
     */
    requireRecentLogin (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void
  }
  interface FastifyRequest {
    /** `null` for an anonymous request and on routes without `authenticate`. */
    session: Session | null
  }
}

const recentMs = 10 * 60_000

/** Adds the hooks that authenticate requests. The autohooks of a route folder apply them. */
export default fp(async (fastify) => {
  const { tokens, accessTokens, sessionCookie, rowClock: clock } = fastify
  fastify.decorateRequest('session', null)

  function findByJwt ({ method, routeOptions }: FastifyRequest, header: string): Promise<Session | undefined> | undefined {
    const jwt = readBearerJwt(header)
    if (jwt === undefined) return undefined
    const isReading = method === 'GET' || method === 'HEAD'
    return accessTokens.findSession(jwt, { isLive: !isReading || routeOptions.config.needsLiveSession === true })
  }

  /** A cookie whose session has ended is removed and counts as none, so that a signed link beside it still opens. */
  function authenticateByCookie (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void {
    const token = sessionCookie.read(request)
    if (token === undefined) return done()
    const { method, routeOptions: { config } } = request
    try {
      if (method !== 'GET' && method !== 'HEAD' && config.checksOrigin !== true) sessionCookie.requireOwnOrigin(request)
    } catch (error) {
      return done(error as Error)
    }
    tokens.findSession(token).then((session) => {
      if (session === undefined) sessionCookie.clear(reply)
      else {
        request.session = session
        request.hasSessionCookie = true
      }
      done()
    }, done)
  }

  // These hooks use callbacks, since hooks with promises add several promises to each authenticated request. The gain shows in
  // `npm run bench` as the rate of authenticated requests.
  fastify.decorate('authenticate', (request, reply, done) => {
    const header = request.headers.authorization
    if (header === undefined) return request.headers.cookie === undefined ? done() : authenticateByCookie(request, reply, done)
    const token = readBearerToken(header)
    const finding = token === undefined ? findByJwt(request, header) : tokens.findSession(token)
    if (finding === undefined) return done(new ApiError('CHR_UNAUTHENTICATED'))
    finding.then((session) => {
      if (session === undefined) return done(new ApiError('CHR_UNAUTHENTICATED'))
      request.session = session
      done()
    }, done)
  })

  fastify.decorate('requireUser', (request, _reply, done) => {
    getSession(request)
    done()
  })

  fastify.decorate('requireRecentLogin', (request, _reply, done) => {
    // Logins are stored in whole seconds.
    const now = Math.floor(clock.now() / 1000) * 1000
    done(now - getSession(request).startedAt > recentMs ? new ApiError('CHR_REAUTHENTICATE') : undefined)
  })
}, { name: 'authentication', dependencies: ['tokens', 'access-tokens', 'session-cookie'], fastify: '5.x' })
