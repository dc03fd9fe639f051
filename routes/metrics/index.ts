import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { failures } from '../../src/schemas/common.ts'

const metricsRoute: FastifyPluginAsyncTypebox = async (fastify) => {
  const { metrics } = fastify

  fastify.get('', {
    schema: {
      operationId: 'metrics',
      tags: ['operations'],
      summary: 'Metrics for Prometheus',
      response: { 200: { description: 'Text exposition format', content: { 'text/plain': { schema: Type.String() } } }, ...failures }
    }
  }, async (_request, reply) => reply.type(metrics.registry.contentType).send(await metrics.expose()))
}

export default metricsRoute
