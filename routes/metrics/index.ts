import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

const metricsRoute: FastifyPluginAsyncTypebox = async (fastify) => {
  const { metrics } = fastify

  fastify.get('', {
    schema: {
      operationId: 'getMetrics',
      tags: ['operations'],
      summary: 'Metrics for Prometheus',
      description: 'Of this process only. docs/operations.md explains each metric.',
      response: { 200: { description: 'Text exposition format', content: { 'text/plain': { schema: Type.String({ examples: ['cheershare_sms_total{outcome="sent"} 3\n'] }) } } } }
    }
  }, async (_request, reply) => reply.type(metrics.registry.contentType).send(await metrics.expose()))
}

export default metricsRoute
