import fp from 'fastify-plugin'
import type { User } from '../db/schema.ts'
import { tokenPattern } from '../src/domain/token.ts'
import { userOf } from '../src/current-user.ts'
import { ApiError } from '../src/errors.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * Hook: sets `request.user` from the Authorization header; without the header the request is anonymous.
     * @throws {ApiError} `CHR_UNAUTHENTICATED` for anything but one valid bearer token
     */
    authenticate (request: FastifyRequest, reply: FastifyReply): Promise<void>
    /** Hook after `authenticate`: refuses anonymous requests with `CHR_UNAUTHENTICATED`. */
    requireUser (request: FastifyRequest, reply: FastifyReply, done: () => void): void
  }
  interface FastifyRequest {
    /** `null` while anonymous, and outside the scopes that authenticate. */
    user: User | null
  }
}

const scheme = 'Bearer '

/** Offers the hooks `authenticate` and `requireUser`; a route folder puts them on itself by its autohooks. */
export default fp(async (fastify) => {
  fastify.decorateRequest('user', null)

  fastify.decorate('authenticate', async (request, reply) => {
    reply.vary('Authorization')
    reply.header('cache-control', 'no-store')
    const header = request.headers.authorization
    if (header === undefined) return
    const token = header.startsWith(scheme) ? header.slice(scheme.length) : ''
    const user = tokenPattern.test(token) ? await fastify.tokens.findUser(token) : undefined
    if (user === undefined) throw new ApiError('CHR_UNAUTHENTICATED')
    request.user = user
  })

  fastify.decorate('requireUser', (request, _reply, done) => {
    userOf(request)
    done()
  })
}, { name: 'authentication', dependencies: ['tokens', 'sensible'], fastify: '5.x' })
