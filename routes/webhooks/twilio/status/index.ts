import formbody from '@fastify/formbody'
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { receiptOfTwilio } from '../../../../src/domain/sms/twilio/receipts.ts'
import { ApiError } from '../../../../src/http/errors.ts'
import { failures } from '../../../../src/schemas/common.ts'
import { TwilioStatusBody, TwilioStatusQuery } from '../../../../src/schemas/deliveries.ts'

/** Twilio's own are under one kilobyte. */
const bodyLimit = 16_384

/** Not mounted where nobody reports: without a Twilio account and the emulator. */
const twilioStatusRoute: FastifyPluginAsyncTypebox = async (fastify) => {
  const { receipts } = fastify
  if (!receipts.takesTwilio) return
  fastify.removeAllContentTypeParsers()
  await fastify.register(formbody, { bodyLimit })

  // Before the shape is looked at: strangers are told nothing.
  fastify.addHook('preValidation', async ({ headers, raw, body }) => {
    const signature = headers['x-twilio-signature']?.toString()
    const form = body as Record<string, unknown> | undefined
    if (!receipts.isFromTwilio({ signature, path: String(raw.url), form: form ?? {} })) throw new ApiError('CHR_SIGNATURE_INVALID')
  })

  fastify.post('', {
    schema: {
      operationId: 'twilioStatus',
      tags: ['webhooks'],
      summary: 'Status callback of Twilio',
      description: 'Signed by `X-Twilio-Signature` for the address under `PUBLIC_URL`, else 403 `CHR_SIGNATURE_INVALID`. Repeats, disorder and unknown messages are fine.',
      consumes: ['application/x-www-form-urlencoded'],
      querystring: TwilioStatusQuery,
      body: TwilioStatusBody,
      response: { 204: Type.Null({ description: 'Noted' }), ...failures }
    }
  }, async ({ body, query }, reply) => {
    const receipt = receiptOfTwilio(body, query.delivery)
    if (receipt !== undefined) await receipts.take(receipt)
    return reply.code(204).send(null)
  })
}

export default twilioStatusRoute
