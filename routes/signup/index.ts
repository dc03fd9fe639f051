import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { getClient } from '../../src/http/client.ts'
import { fieldError } from '../../src/http/parsers.ts'
import { codeSentReply } from '../../src/http/serializers.ts'
import { createSignIn } from '../../src/http/sign-in.ts'
import { CodeSentReply, SignedInReply, SignupBody } from '../../src/schemas/login.ts'

const signupRoute: FastifyPluginAsyncTypebox = async (fastify) => {
  const { phoneLogin } = fastify
  const signIn = createSignIn(fastify)

  fastify.post('', {
    schema: {
      operationId: 'signUp',
      tags: ['login'],
      summary: 'Sign up: send a code, or verify one',
      description: 'Without `otp` it sends a code, and `name` is required. With `otp` it does the same as `/verify`.',
      body: SignupBody,
      responseHeaders: { 200: ['Set-Cookie'] },
      failures: [
        'CHR_PHONE_INVALID', 'CHR_PHONE_NOT_ALLOWED', 'CHR_CHANNEL_NOT_ALLOWED', 'CHR_OTP_INVALID', 'CHR_ORIGIN_REFUSED',
        'CHR_OTP_USED', 'CHR_NAME_REQUIRED', 'CHR_OTP_LOCKED', 'CHR_RATE_LIMITED'
      ],
      response: {
        200: Type.Union([CodeSentReply, SignedInReply], { description: 'Without `otp`: code sent; with it: signed in' })
      }
    }
  }, async (request, reply) => {
    const { phone_number: phoneNumber, name, otp, channel, app_hash: appHash } = request.body
    if (otp !== undefined) return await signIn({ phoneNumber, otp, name }, request, reply)
    if (name === undefined) throw fieldError('name', 'is required to send a code')
    return codeSentReply(await phoneLogin.sendCode({ phoneNumber, name, channel, appHash }, getClient(request)))
  })
}

export default signupRoute
