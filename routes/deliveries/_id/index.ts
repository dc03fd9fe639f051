import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ApiError } from '../../../src/http/errors.ts'
import { deliveryReply } from '../../../src/http/serializers.ts'
import { failures } from '../../../src/schemas/common.ts'
import { DeliveryParams, DeliveryReply } from '../../../src/schemas/deliveries.ts'

const deliveryRoute: FastifyPluginAsyncTypebox = async (fastify) => {
  const { codes, deliveries, otp, clock } = fastify

  fastify.get('', {
    schema: {
      operationId: 'delivery',
      tags: ['login'],
      summary: 'What became of an SMS',
      description: 'For a day. Whoever has the id may ask: it cannot be guessed, and tells nothing about its number.',
      params: DeliveryParams,
      response: { 200: DeliveryReply, ...failures }
    }
  }, async ({ params }) => {
    const record = await deliveries.find(params.id)
    // Notices are nobody's to ask for.
    if (record?.challengeId === undefined) throw new ApiError('CHR_NOT_FOUND', { message: 'There is no such delivery.' })
    const isTest = codes.isTestDelivery(record)
    return deliveryReply(record, await otp.resendAt(record.challengeId, { isTest }) - clock.now())
  })
}

export default deliveryRoute
