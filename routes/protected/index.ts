import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { bearer, failures } from '../../src/schemas/common.ts'

const protectedRoute: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.get('', {
    schema: {
      operationId: 'protected',
      tags: ['login'],
      summary: 'Check whether a token is valid',
      security: bearer,
      response: { 200: Type.Object({ data: Type.Literal('Protected') }, { title: 'The token is good' }), ...failures }
    }
  }, async () => ({ data: 'Protected' as const }))
}

export default protectedRoute
