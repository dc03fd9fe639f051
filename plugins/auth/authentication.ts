import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Session } from '../../db/tokens.ts'
import { getSession } from '../../src/http/access.ts'
import { readBearerJwt, readBearerToken } from '../../src/domain/auth/token.ts'
import { ApiError } from '../../src/http/errors.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * Hook: sets `request.session` from the Authorization header. A request without the header is anonymous.
     * The token is that of a session, or a JWT for the service itself.
     * @throws {ApiError} `CHR_UNAUTHENTICATED` for any header other than a valid bearer token
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
  const { tokens, accessTokens, rowClock: clock } = fastify
  fastify.decorateRequest('session', null)

  function findByJwt ({ method, routeOptions }: FastifyRequest, header: string): Promise<Session | undefined> | undefined {
    const jwt = readBearerJwt(header)
    if (jwt === undefined) return undefined
    const isReading = method === 'GET' || method === 'HEAD'
    return accessTokens.findSession(jwt, { isLive: !isReading || routeOptions.config.needsLiveSession === true })
  }

  // These hooks use callbacks, since hooks with promises add several promises to each authenticated request. The gain shows in
  // `npm run bench` as the rate of authenticated requests.
  fastify.decorate('authenticate', (request, _reply, done) => {
    const header = request.headers.authorization
    if (header === undefined) return done()
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
}, { name: 'authentication', dependencies: ['tokens', 'access-tokens'], fastify: '5.x' })
