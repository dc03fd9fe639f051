import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { clientOf } from '../../src/http/client.ts'
import { ApiError } from '../../src/http/errors.ts'
import { codeSentReply, signedInReply } from '../../src/http/serializers.ts'
import { failures } from '../../src/schemas/common.ts'
import { CodeSentReply, SignedInReply, SignupBody } from '../../src/schemas/login.ts'

const signupRoute: FastifyPluginAsyncTypebox = async (fastify) => {
  const { phoneLogin } = fastify

  fastify.post('', {
    schema: {
      operationId: 'signup',
      tags: ['login'],
      summary: 'Sign up: send a code, or take one',
      description: 'Without `otp` a code is sent, and `name` is required. With `otp` it does what `/verify` does.',
      body: SignupBody,
      response: { 200: Type.Union([CodeSentReply, SignedInReply], { description: 'Without `otp`: code sent; with it: signed in' }), ...failures }
    }
  }, async (request) => {
    const { phone_number: phoneNumber, name, otp, channel } = request.body
    if (otp !== undefined) return signedInReply(await phoneLogin.signIn({ phoneNumber, otp, name }, clientOf(request)))
    if (name === undefined) {
      const message = 'field "name" is required to send a code'
      throw new ApiError('CHR_VALIDATION', { message, details: [{ path: 'name', message }] })
    }
    return codeSentReply(await phoneLogin.sendCode({ phoneNumber, name, channel }, clientOf(request)))
  })
}

export default signupRoute
