import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

const protectedRoute: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.get('', {
    schema: {
      operationId: 'checkToken',
      tags: ['login'],
      summary: 'Check whether a token is valid',
      description: 'Answers 401 without a valid session. It counts as a use of the session.',
      response: { 200: Type.Object({ data: Type.Literal('Protected') }, { title: 'The token is good' }) }
    }
  }, async () => ({ data: 'Protected' as const }))
}

export default protectedRoute
