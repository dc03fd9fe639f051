import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { getSession } from '../../src/http/access.ts'
import { rejectBody } from '../../src/http/reject-body.ts'
import { bearer, failures } from '../../src/schemas/common.ts'
import { SessionEndedReply } from '../../src/schemas/sessions.ts'

const logoutRoute: FastifyPluginAsyncTypebox = async (fastify) => {
  const { sessions, sessionCookie } = fastify
  rejectBody(fastify)

  fastify.post('', {
    schema: {
      operationId: 'logout',
      tags: ['sessions'],
      summary: 'End the session of this token',
      description: 'The request has no body. The token is refused from the next request on.',
      security: bearer,
      response: { 200: SessionEndedReply, ...failures }
    }
  }, async (request, reply) => {
    const { userId, id } = getSession(request)
    // If another request has just ended the session, the result is the requested one.
    await sessions.end(userId, id)
    sessionCookie.end(request, reply)
    return { success: true as const, message: 'Logged out' }
  })
}

export default logoutRoute
