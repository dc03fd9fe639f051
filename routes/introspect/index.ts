import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { getResourceServer } from '../../src/http/access.ts'
import { acceptForms } from '../../src/http/form-body.ts'
import { IntrospectionReply, TokenToCheckBody } from '../../src/schemas/oauth.ts'

const introspectRoute: FastifyPluginAsyncTypebox = async (fastify) => {
  acceptForms(fastify)

  fastify.post('', {
    config: { errorForm: 'oauth' },
    schema: {
      operationId: 'introspectToken',
      tags: ['tokens'],
      summary: 'Check a token of a client of another service',
      description:
        'OAuth token introspection (RFC 7662), as a form. The session is looked up, so that a token is inactive as soon as its session has ' +
        'ended. The token of a session counts as used; a JWT never extends its session.',
      consumes: ['application/x-www-form-urlencoded'],
      body: TokenToCheckBody,
      response: { 200: IntrospectionReply }
    }
  }, async (request) => await fastify.introspect(request.body.token, getResourceServer(request).audience))
}

export default introspectRoute
