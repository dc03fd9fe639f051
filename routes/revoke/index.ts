import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { acceptForms } from '../../src/http/form-body.ts'
import { RevocationBody } from '../../src/schemas/oauth.ts'

const revokeRoute: FastifyPluginAsyncTypebox = async (fastify) => {
  const { sessions } = fastify
  acceptForms(fastify)

  fastify.post('', {
    config: { errorForm: 'oauth' },
    schema: {
      operationId: 'revokeToken',
      tags: ['tokens'],
      summary: 'End the session of a token',
      description:
        'OAuth token revocation (RFC 7009), as a form. It ends the session as `POST /logout` does, and answers 200 for an unknown token too. ' +
        'JWTs of the session stay valid until their end where a service checks their signature alone.',
      consumes: ['application/x-www-form-urlencoded'],
      body: RevocationBody,
      failures: ['CHR_TOKEN_TYPE_UNSUPPORTED'],
      response: { 200: Type.Unsafe<undefined>({ type: 'null', description: 'The token is not valid, or no longer' }) }
    }
  }, async ({ body }, reply) => {
    await sessions.revoke(body.token)
    return await reply.send(undefined)
  })
}

export default revokeRoute
