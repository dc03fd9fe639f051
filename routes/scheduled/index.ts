import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { getSession } from '../../src/http/access.ts'
import { createCreativeJsonCache } from '../../src/http/creative-json-cache.ts'
import { fieldError } from '../../src/http/parsers.ts'
import { joinScheduledRange, joinScheduledReply } from '../../src/http/serializers.ts'
import { ScheduledRangeReply, ScheduledReply, ScheduleQuery } from '../../src/schemas/calendar.ts'

const scheduledRoute: FastifyPluginAsyncTypebox = async (fastify) => {
  const { schedule } = fastify
  const jsonCache = createCreativeJsonCache(fastify)

  fastify.get('', {
    schema: {
      operationId: 'listScheduledCreatives',
      tags: ['creatives'],
      summary: 'List the creatives of today and tomorrow, or of a range of dates',
      description:
        'Dates are those of the time zone `tz`, else the user\'s, else the default of the service; `dates` returns them. ' +
        'Newest first; `limit` and `cursor` page through both days together. With `from` and `to` it lists up to 92 days instead: by date, ' +
        'newest first within each. Everyone signed in sees the creatives of all users, or with `SCHEDULE_VISIBILITY=private` their own.',
      querystring: ScheduleQuery,
      // The reply is sent as text, because its creatives are cached as JSON.
      failures: ['CHR_TIME_ZONE_UNKNOWN'],
      response: {
        200: { description: 'Scheduled creatives', content: { 'application/json': { schema: Type.Unsafe<string>(Type.Union([ScheduledReply, ScheduledRangeReply])) } } }
      }
    }
  }, async (request, reply) => {
    const { from, to, tz: timeZone, owner, limit, cursor } = request.query
    const { userId: viewerId } = getSession(request)
    const isOwnOnly = owner === 'me'
    reply.type('application/json; charset=utf-8')
    if (from !== undefined || to !== undefined) {
      if (timeZone !== undefined) throw fieldError('tz', 'decides which date is today: leave it out with a range of dates')
      const { creatives, nextCursor } = await schedule.listRange({ viewerId, from, to, isOwnOnly, limit, cursor })
      return await reply.send(joinScheduledRange(await jsonCache.read(creatives, viewerId), nextCursor))
    }
    const due = await schedule.list({ viewerId, timeZone, isOwnOnly, limitPerDay: limit, cursor })
    const [today, tomorrow] = await Promise.all([jsonCache.read(due.today, viewerId), jsonCache.read(due.tomorrow, viewerId)])
    return await reply.send(joinScheduledReply({ today, tomorrow }, due))
  })
}

export default scheduledRoute
