import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { getClient } from '../../src/http/client.ts'
import { codeSentReply } from '../../src/http/serializers.ts'
import { failures } from '../../src/schemas/common.ts'
import { CodeSentReply, LoginBody } from '../../src/schemas/login.ts'

const loginRoute: FastifyPluginAsyncTypebox = async (fastify) => {
  const { phoneLogin } = fastify

  fastify.post('', {
    schema: {
      operationId: 'login',
      tags: ['login'],
      summary: 'Log in: send a code',
      description: 'The answer does not depend on whether the number has an account.',
      body: LoginBody,
      response: { 200: CodeSentReply, ...failures }
    }
  }, async (request) => {
    const { phone_number: phoneNumber, channel, app_hash: appHash } = request.body
    return codeSentReply(await phoneLogin.sendCode({ phoneNumber, channel, appHash }, getClient(request)))
  })
}

export default loginRoute
