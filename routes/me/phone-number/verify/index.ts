import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { getSession } from '../../../../src/http/access.ts'
import { meReply } from '../../../../src/http/serializers.ts'
import { MeReply, PhoneChangeVerifyBody } from '../../../../src/schemas/me.ts'

const verifyRoute: FastifyPluginAsyncTypebox = async (fastify) => {
  const { phoneChange } = fastify

  fastify.post('', {
    schema: {
      operationId: 'verifyPhoneNumberChange',
      tags: ['account'],
      summary: 'Move to another phone number: verify its code',
      description:
        'All other sessions end, and the old number is notified by SMS. If another account has the number, the right code answers ' +
        '409 `CHR_PHONE_TAKEN` up to five times and stays valid; the same code with `take_over: true` moves the number. A repeat ' +
        'of a code that was used a moment ago answers 409 `CHR_OTP_USED`.',
      body: PhoneChangeVerifyBody,
      failures: [
        'CHR_OTP_INVALID', 'CHR_NOT_FOUND', 'CHR_OTP_USED', 'CHR_PHONE_TAKEN', 'CHR_PHONE_NOT_ALLOWED', 'CHR_OTP_LOCKED',
        'CHR_RATE_LIMITED'
      ],
      response: { 200: MeReply }
    }
  }, async (request) => {
    const { body: { otp, take_over: takeOver }, ip: address } = request
    return { data: meReply(await phoneChange.verify(getSession(request), { otp, takeOver, address })) }
  })
}

export default verifyRoute
