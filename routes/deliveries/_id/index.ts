import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ApiError } from '../../../src/http/errors.ts'
import { tellLanguage } from '../../../src/http/sentence-language.ts'
import { deliveryReply } from '../../../src/http/serializers.ts'
import { DeliveryParams, DeliveryReply } from '../../../src/schemas/deliveries.ts'

const deliveryRoute: FastifyPluginAsyncTypebox = async (fastify) => {
  const { codes } = fastify

  fastify.get('', {
    schema: {
      operationId: 'getDelivery',
      tags: ['login'],
      summary: 'Status of an SMS',
      description:
        'Available for a day. The id is the only credential: it cannot be guessed, and the reply does not identify the phone ' +
        'number. If WhatsApp does not deliver a code, it becomes the status of the SMS that follows, and `channel` says so.',
      params: DeliveryParams,
      responseHeaders: { 200: ['Content-Language'] },
      failures: ['CHR_NOT_FOUND'],
      response: { 200: DeliveryReply }
    }
  }, async (request, reply) => {
    const record = await codes.findDelivery(request.params.id)
    // Notices have no client that could request their status.
    if (record?.challengeId === undefined) throw new ApiError('CHR_NOT_FOUND', { message: 'There is no such delivery.' })
    return deliveryReply(record, codes.resendIn(record), tellLanguage(request, reply))
  })
}

export default deliveryRoute
