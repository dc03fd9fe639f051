import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { getClient } from '../../src/http/client.ts'
import { codeSentReply } from '../../src/http/serializers.ts'
import { CodeSentReply, LoginBody } from '../../src/schemas/login.ts'

const loginRoute: FastifyPluginAsyncTypebox = async (fastify) => {
  const { phoneLogin } = fastify

  fastify.post('', {
    schema: {
      operationId: 'logIn',
      tags: ['login'],
      summary: 'Log in: send a code',
      description: 'The answer does not depend on whether the number has an account.',
      body: LoginBody,
      failures: [
        'CHR_PHONE_INVALID', 'CHR_PHONE_NOT_ALLOWED', 'CHR_CHANNEL_NOT_ALLOWED', 'CHR_OTP_LOCKED', 'CHR_RATE_LIMITED'
      ],
      response: { 200: CodeSentReply }
    }
  }, async (request) => {
    const { phone_number: phoneNumber, channel, app_hash: appHash } = request.body
    return codeSentReply(await phoneLogin.sendCode({ phoneNumber, channel, appHash }, getClient(request)))
  })
}

export default loginRoute
