import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { getSession } from '../../src/http/access.ts'
import { rejectBody } from '../../src/http/reject-body.ts'
import { SessionEndedReply } from '../../src/schemas/sessions.ts'

const logoutRoute: FastifyPluginAsyncTypebox = async (fastify) => {
  const { sessions, sessionCookie } = fastify
  rejectBody(fastify)

  fastify.post('', {
    schema: {
      operationId: 'logOut',
      tags: ['sessions'],
      summary: 'End the session of this token',
      description: 'The request has no body. The token is refused from the next request on.',
      responseHeaders: { 200: ['Set-Cookie'] },
      response: { 200: SessionEndedReply }
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
