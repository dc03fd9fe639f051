import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { getLanguagePreferences } from '../../../src/http/client.ts'
import { getSession } from '../../../src/http/access.ts'
import { codeSentReply } from '../../../src/http/serializers.ts'
import { CodeSentReply } from '../../../src/schemas/login.ts'
import { PhoneChangeBody } from '../../../src/schemas/me.ts'

const phoneNumberRoute: FastifyPluginAsyncTypebox = async (fastify) => {
  const { phoneChange } = fastify

  fastify.post('', {
    onRequest: fastify.requireRecentLogin,
    schema: {
      operationId: 'requestPhoneNumberChange',
      tags: ['account'],
      summary: 'Move to another phone number: send a code to it',
      description:
        'Answers like `/login`. A later request replaces this one. The old number stays valid for logins until the code is ' +
        'verified. Requires a login within the last 10 minutes, or answers 403 `CHR_REAUTHENTICATE`.',
      body: PhoneChangeBody,
      failures: [
        'CHR_REAUTHENTICATE', 'CHR_PHONE_INVALID', 'CHR_PHONE_NOT_ALLOWED', 'CHR_CHANNEL_NOT_ALLOWED', 'CHR_OTP_LOCKED',
        'CHR_RATE_LIMITED'
      ],
      response: { 200: CodeSentReply }
    }
  }, async (request) => {
    const { body: { phone_number: phoneNumber, channel, app_hash: appHash }, ip: address } = request
    const languages = getLanguagePreferences(request)
    return codeSentReply(await phoneChange.request(getSession(request), { phoneNumber, channel, appHash, address, languages }))
  })
}

export default phoneNumberRoute
