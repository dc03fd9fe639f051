import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { getSession } from '../../../src/http/access.ts'
import { ApiError } from '../../../src/http/errors.ts'
import { rejectBody } from '../../../src/http/reject-body.ts'
import { SessionEndedReply, SessionParams } from '../../../src/schemas/sessions.ts'

const sessionRoute: FastifyPluginAsyncTypebox = async (fastify) => {
  const { sessions, sessionCookie } = fastify
  rejectBody(fastify)

  fastify.delete('', {
    schema: {
      operationId: 'endSession',
      tags: ['sessions'],
      summary: 'End a session',
      description:
        'Its token is refused from the next request on. Answers 404 for an unknown session, an ended one, and one of another user.',
      params: SessionParams,
      failures: ['CHR_NOT_FOUND'],
      response: { 200: SessionEndedReply }
    }
  }, async (request, reply) => {
    const current = getSession(request)
    if (!await sessions.end(current.userId, request.params.id)) {
      throw new ApiError('CHR_NOT_FOUND', { message: 'You have no such session.' })
    }
    if (request.params.id === current.id) sessionCookie.end(request, reply)
    return { success: true as const, message: 'Session ended' }
  })
}

export default sessionRoute
