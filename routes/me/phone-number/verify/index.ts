import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { getSession } from '../../../../src/http/access.ts'
import { meReply } from '../../../../src/http/serializers.ts'
import { bearer, failures } from '../../../../src/schemas/common.ts'
import { MeReply, PhoneChangeVerifyBody } from '../../../../src/schemas/me.ts'

const verifyRoute: FastifyPluginAsyncTypebox = async (fastify) => {
  const { phoneChange } = fastify

  fastify.post('', {
    schema: {
      operationId: 'verifyPhoneNumber',
      tags: ['account'],
      summary: 'Move to another phone number: verify its code',
      description:
        'All other sessions end, and the old number is notified by SMS. If another account has registered the number since, ' +
        'the answer is that of a wrong code.',
      security: bearer,
      body: PhoneChangeVerifyBody,
      response: { 200: MeReply, ...failures }
    }
  }, async (request) => ({ data: meReply(await phoneChange.verify(getSession(request), { otp: request.body.otp, address: request.ip })) }))
}

export default verifyRoute
