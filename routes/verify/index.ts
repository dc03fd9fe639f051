import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { createSignIn } from '../../src/http/sign-in.ts'
import { SignedInReply, VerifyBody } from '../../src/schemas/login.ts'

const verifyRoute: FastifyPluginAsyncTypebox = async (fastify) => {
  const signIn = createSignIn(fastify)

  fastify.post('', {
    schema: {
      operationId: 'verifyCode',
      tags: ['login'],
      summary: 'Verify a code and get a token',
      description:
        'Registers the number or logs it in. For a new number without a name it answers 422 `CHR_NAME_REQUIRED`, and the code ' +
        'stays valid. A repeat of a code that was used a moment ago answers 409 `CHR_OTP_USED`, without a token.',
      body: VerifyBody,
      responseHeaders: { 200: ['Set-Cookie'] },
      failures: [
        'CHR_PHONE_INVALID', 'CHR_PHONE_NOT_ALLOWED', 'CHR_OTP_INVALID', 'CHR_ORIGIN_REFUSED', 'CHR_OTP_USED',
        'CHR_NAME_REQUIRED', 'CHR_OTP_LOCKED', 'CHR_RATE_LIMITED'
      ],
      response: { 200: SignedInReply }
    }
  }, async (request, reply) => {
    const { phone_number: phoneNumber, otp, name } = request.body
    return await signIn({ phoneNumber, otp, name }, request, reply)
  })
}

export default verifyRoute
