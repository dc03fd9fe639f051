import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { matchesIfNoneMatch } from '../../src/http/conditional-request.ts'
import { keyCacheControl, metadataPath, serverMetadata, toKeySet, toKeySetTag } from '../../src/http/server-metadata.ts'
import { KeySetReply, MetadataReply } from '../../src/schemas/oauth.ts'

/** TypeScript and ESLint skip folders whose names begin with a dot, so that the prefix is set here. */
export const autoPrefix = '/.well-known'

const metadataUrl = '/oauth-authorization-server'

const wellKnownRoutes: FastifyPluginAsyncTypebox = async (fastify) => {
  const { signingKeys, config } = fastify
  const metadata = serverMetadata(config.http.baseUrl)

  fastify.get('/jwks.json', {
    schema: {
      operationId: 'getKeySet',
      tags: ['tokens'],
      summary: 'The public keys of JWTs',
      description: 'JWK set (RFC 7517). A key is published a day before it signs, and a day after.',
      responseHeaders: { 200: ['ETag', 'Cache-Control'], 304: ['ETag', 'Cache-Control'] },
      response: { 200: KeySetReply, 304: Type.Null({ description: 'Not modified' }) }
    }
  }, async (request, reply) => {
    const keySet = toKeySet(signingKeys.states)
    const etag = toKeySetTag(keySet)
    reply.header('etag', etag).header('cache-control', keyCacheControl)
    if (matchesIfNoneMatch(request.headers['if-none-match'], etag)) return await reply.code(304).send(null)
    return keySet
  })

  const sendMetadata = async (_request: FastifyRequest, reply: FastifyReply) => {
    reply.header('cache-control', keyCacheControl)
    return metadata
  }

  fastify.get(metadataUrl, {
    schema: {
      operationId: 'getServerMetadata',
      tags: ['tokens'],
      summary: 'What this authorization server supports',
      description: 'Metadata of OAuth (RFC 8414).',
      responseHeaders: { 200: ['Cache-Control'] },
      response: { 200: MetadataReply }
    }
  }, sendMetadata)

  // A proxy that passes the well-known addresses of the host on to the service needs no rule that rewrites them.
  const atHost = metadataPath(config.http.baseUrl)
  if (atHost !== `${autoPrefix}${metadataUrl}`) fastify.get(atHost.slice(autoPrefix.length), { schema: { hide: true } }, sendMetadata)
}

export default wellKnownRoutes
