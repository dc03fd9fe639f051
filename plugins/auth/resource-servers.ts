import fp from 'fastify-plugin'
import type { ResourceServer } from '../../src/config/resource-servers.ts'
import { isSameSecret, readBasicCredentials } from '../../src/domain/auth/client-credentials.ts'
import { getResourceServer } from '../../src/http/access.ts'

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

  function find (header = ''): ResourceServer | null {
    const credentials = readBasicCredentials(header)
    const server = servers.get(credentials?.name ?? '')
    return credentials?.secrets.some((secret) => isSameSecret(secret, server?.secret ?? '')) === true && server !== undefined ? server : null
  }

  fastify.decorate('requireResourceServer', (request, _reply, done) => {
    request.resourceServer = find(request.headers.authorization)
    getResourceServer(request)
    done()
  })
}, { name: 'resource-servers', fastify: '5.x' })
