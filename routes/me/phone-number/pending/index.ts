import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { getSession } from '../../../../src/http/access.ts'
import { rejectBody } from '../../../../src/http/reject-body.ts'
import { Done } from '../../../../src/schemas/me.ts'

const pendingRoute: FastifyPluginAsyncTypebox = async (fastify) => {
  const { phoneChange } = fastify
  rejectBody(fastify)

  fastify.delete('', {
    schema: {
      operationId: 'cancelPhoneNumberChange',
      tags: ['account'],
      summary: 'Cancel the change of phone number',
      description: 'The code that was sent is no longer valid. Answers 404 if no change is pending.',
      failures: ['CHR_NOT_FOUND'],
      response: { 200: Done }
    }
  }, async (request) => {
    await phoneChange.cancel(getSession(request))
    return { success: true as const, message: 'Change of phone number cancelled' }
  })
}

export default pendingRoute
