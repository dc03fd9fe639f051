import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { ReceiptSource } from '../../plugins/sms/providers/definition.ts'
import { ApiError } from '../../src/http/errors.ts'
import { failures } from '../../src/schemas/common.ts'

/** Status callbacks are under one kilobyte. */
const bodyLimit = 16_384

/** One route for each provider that can report here: `POST /webhooks/<provider>/status`. */
const webhookRoutes: FastifyPluginAsyncTypebox = async (fastify) => {
  for (const [name, source] of fastify.receipts.sources) await fastify.register(statusRoute, { prefix: `/${name}/status`, source })
}

const statusRoute: FastifyPluginAsyncTypebox<{ source: ReceiptSource }> = async (fastify, { source }) => {
  const { receipts } = fastify
  const { schema, parser } = source
  if (parser !== undefined) {
    fastify.removeAllContentTypeParsers()
    await fastify.register(parser, { bodyLimit })
  }

  // The signature is checked before the shape, so that strangers learn nothing about the expected fields.
  fastify.addHook('preValidation', async ({ headers, raw, body }) => {
    if (!source.isAuthentic({ headers, path: String(raw.url), body })) throw new ApiError('CHR_SIGNATURE_INVALID')
  })

  fastify.post('', {
    bodyLimit,
    schema: {
      ...schema,
      tags: ['webhooks'],
      response: { 204: Type.Null({ description: 'Recorded' }), ...failures }
    }
  }, async ({ body, query }, reply) => {
    const receipt = source.read(body, query)
    if (receipt !== undefined) await receipts.record(receipt)
    return reply.code(204).send(null)
  })
}

export default webhookRoutes
