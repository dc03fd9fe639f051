import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { getSession } from '../../src/http/access.ts'
import { rejectBody } from '../../src/http/reject-body.ts'
import { sessionReply } from '../../src/http/serializers.ts'
import { EndSessionsQuery, SessionsEndedReply, SessionsReply } from '../../src/schemas/sessions.ts'

const sessionsRoutes: FastifyPluginAsyncTypebox = async (fastify) => {
  const { sessions, sessionCookie } = fastify
  rejectBody(fastify)

  fastify.get('', {
    schema: {
      operationId: 'listSessions',
      tags: ['sessions'],
      summary: 'List the sessions of the signed-in user',
      description: 'Lists the valid sessions, the latest use first.',
      response: { 200: SessionsReply }
    }
  }, async (request) => {
    const current = getSession(request)
    return { sessions: (await sessions.list(current.userId)).map((session) => sessionReply(session, current)) }
  })

  fastify.delete('', {
    schema: {
      operationId: 'endSessions',
      tags: ['sessions'],
      summary: 'End all other sessions, or every one',
      description: 'Their tokens are refused from the next request on.',
      querystring: EndSessionsQuery,
      responseHeaders: { 200: ['Set-Cookie'] },
      response: { 200: SessionsEndedReply }
    }
  }, async (request, reply) => {
    const current = getSession(request)
    if (request.query.all === true) {
      const ended = await sessions.endAll(current.userId)
      sessionCookie.end(request, reply)
      return { success: true as const, message: 'All sessions ended', ended }
    }
    return { success: true as const, message: 'All other sessions ended', ended: await sessions.endOthers(current) }
  })
}

export default sessionsRoutes
