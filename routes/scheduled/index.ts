import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { sessionOf } from '../../src/http/session-of-request.ts'
import { scheduledText } from '../../src/http/serializers.ts'
import { ScheduledReply, ScheduleQuery } from '../../src/schemas/calendar.ts'
import { bearer, failures } from '../../src/schemas/common.ts'

const scheduledRoute: FastifyPluginAsyncTypebox = async (fastify) => {
  const { schedule, creativeTexts } = fastify

  fastify.get('', {
    schema: {
      operationId: 'listScheduled',
      tags: ['creatives'],
      summary: 'What is due today and tomorrow',
      description: 'In the zone of `tz`, else the user\'s, else the service\'s; `dates` says which days these are. The newest first; `limit` and `cursor` page through both days at once.',
      security: bearer,
      querystring: ScheduleQuery,
      // Sent as text, since its creatives are text already.
      response: { 200: { description: 'What is due', content: { 'application/json': { schema: Type.Unsafe<string>(ScheduledReply) } } }, ...failures }
    }
  }, async (request, reply) => {
    const { tz: timeZone, owner, limit: limitPerDay, cursor } = request.query
    const due = await schedule.list({ viewerId: sessionOf(request).userId, timeZone, isOwnOnly: owner === 'me', limitPerDay, cursor })
    const [today, tomorrow] = await Promise.all([creativeTexts.of(due.today), creativeTexts.of(due.tomorrow)])
    return await reply.type('application/json; charset=utf-8').send(scheduledText({ today, tomorrow }, due))
  })
}

export default scheduledRoute
