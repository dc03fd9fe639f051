import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { keyCacheControl, serverMetadata, toJsonWebKey } from '../../src/http/server-metadata.ts'
import { failures } from '../../src/schemas/common.ts'
import { KeySetReply, MetadataReply } from '../../src/schemas/oauth.ts'

/** autoload would skip a folder whose name begins with a dot in some tools, so the prefix is set here. */
export const autoPrefix = '/.well-known'

const wellKnownRoutes: FastifyPluginAsyncTypebox = async (fastify) => {
  const { signingKeys, config } = fastify
  const metadata = serverMetadata(config.http.baseUrl)

  fastify.get('/jwks.json', {
    schema: {
      operationId: 'getKeySet',
      tags: ['tokens'],
      summary: 'The public keys of JWTs',
      description: 'JWK set (RFC 7517). A key is published a day before it signs, and a day after.',
      response: { 200: KeySetReply, ...failures }
    }
  }, async (_request, reply) => {
    const { next, current, previous } = signingKeys.states
    reply.header('cache-control', keyCacheControl)
    return { keys: [...current === undefined ? [] : [current], ...next, ...previous].map(toJsonWebKey) }
  })

  fastify.get('/oauth-authorization-server', {
    schema: {
      operationId: 'getServerMetadata',
      tags: ['tokens'],
      summary: 'What this authorization server supports',
      description: 'Metadata of OAuth (RFC 8414).',
      response: { 200: MetadataReply, ...failures }
    }
  }, async (_request, reply) => {
    reply.header('cache-control', keyCacheControl)
    return metadata
  })
}

export default wellKnownRoutes
