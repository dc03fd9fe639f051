import fp from 'fastify-plugin'
import type { ResourceServer } from '../../src/config/resource-servers.ts'
import { isSameSecret, readBasicCredentials } from '../../src/domain/auth/client-credentials.ts'
import { ApiError } from '../../src/http/errors.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * Hook: sets `request.resourceServer` from Basic credentials.
     * @throws {ApiError} `CHR_CLIENT_INVALID` without valid ones
     */
    requireResourceServer (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void
  }
  interface FastifyRequest {
    /** The service of RESOURCE_SERVERS that sent the request; `null` on routes without `requireResourceServer`. */
    resourceServer: ResourceServer | null
  }
}

/** Authenticates the services of RESOURCE_SERVERS. The autohooks of a route folder apply the hook. */
export default fp(async (fastify) => {
  const servers = new Map(fastify.config.jwt.resourceServers.map((server) => [server.name, server]))
  fastify.decorateRequest('resourceServer', null)

  function find (header = ''): ResourceServer | undefined {
    const credentials = readBasicCredentials(header)
    const server = servers.get(credentials?.name ?? '')
    return credentials?.secrets.some((secret) => isSameSecret(secret, server?.secret ?? '')) === true ? server : undefined
  }

  fastify.decorate('requireResourceServer', (request, _reply, done) => {
    const server = find(request.headers.authorization)
    if (server === undefined) return done(new ApiError('CHR_CLIENT_INVALID'))
    request.resourceServer = server
    done()
  })
}, { name: 'resource-servers', fastify: '5.x' })
