import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ApiError } from '../../src/http/errors.ts'

/** Status callbacks are under one kilobyte. */
const bodyLimit = 16_384

/** Adds a route for each provider that sends receipts: `POST /webhooks/<provider>/status`. */
const webhookRoutes: FastifyPluginAsyncTypebox = async (fastify) => {
  const { receipts } = fastify

  for (const [provider, source] of receipts.sources) {
    const statusRoute: FastifyPluginAsyncTypebox = async (scope) => {
      if (source.parser !== undefined) {
        scope.removeAllContentTypeParsers()
        await scope.register(source.parser, { bodyLimit })
      }

      // The signature is checked before the shape, so that strangers learn nothing about the expected fields.
      scope.addHook('preValidation', async ({ headers, raw, body }) => {
        if (!source.isAuthentic({ headers, path: String(raw.url), body })) throw new ApiError('CHR_SIGNATURE_INVALID')
      })

      scope.post('', {
        bodyLimit,
        schema: { ...source.schema, tags: ['webhooks'], response: { 204: Type.Null({ description: 'Recorded' }) } }
      }, async ({ body, query }, reply) => {
        const receipt = source.read(body, query)
        if (receipt !== undefined) await receipts.record(receipt)
        return reply.code(204).send(null)
      })
    }
    await fastify.register(statusRoute, { prefix: `/${provider}/status` })
  }
}

export default webhookRoutes
