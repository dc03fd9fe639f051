import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { getSession } from '../../src/http/access.ts'
import { createCreativeJsonCache } from '../../src/http/creative-json-cache.ts'
import { joinScheduledReply } from '../../src/http/serializers.ts'
import { ScheduledReply, ScheduleQuery } from '../../src/schemas/calendar.ts'

const scheduledRoute: FastifyPluginAsyncTypebox = async (fastify) => {
  const { schedule } = fastify
  const jsonCache = createCreativeJsonCache(fastify)

  fastify.get('', {
    schema: {
      operationId: 'listScheduledCreatives',
      tags: ['creatives'],
      summary: 'List the creatives of today and tomorrow',
      description:
        'Dates are those of the time zone `tz`, else the user\'s, else the default of the service; `dates` returns them. ' +
        'Newest first; `limit` and `cursor` page through both days together.',
      querystring: ScheduleQuery,
      // The reply is sent as text, because its creatives are cached as JSON.
      failures: ['CHR_TIME_ZONE_UNKNOWN'],
      response: {
        200: { description: 'Scheduled creatives', content: { 'application/json': { schema: Type.Unsafe<string>(ScheduledReply) } } }
      }
    }
  }, async (request, reply) => {
    const { tz: timeZone, owner, limit: limitPerDay, cursor } = request.query
    const due = await schedule.list({ viewerId: getSession(request).userId, timeZone, isOwnOnly: owner === 'me', limitPerDay, cursor })
    const [today, tomorrow] = await Promise.all([jsonCache.read(due.today), jsonCache.read(due.tomorrow)])
    return await reply.type('application/json; charset=utf-8').send(joinScheduledReply({ today, tomorrow }, due))
  })
}

export default scheduledRoute
