import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { sessionOf } from '../../src/current-session.ts'
import { creativeReply } from '../../src/replies.ts'
import { ScheduledReply, ScheduleQuery } from '../../src/schemas/calendar.ts'
import { bearer, failures } from '../../src/schemas/common.ts'

const scheduledRoute: FastifyPluginAsyncTypebox = async (fastify) => {
  const { schedule, creativeImages } = fastify

  fastify.get('', {
    schema: {
      operationId: 'listScheduled',
      tags: ['creatives'],
      summary: 'What is due today and tomorrow',
      description: 'In the zone of `tz`, else the user\'s, else the service\'s; `dates` says which days these are. The newest first; `limit` and `cursor` page through both days at once.',
      security: bearer,
      querystring: ScheduleQuery,
      response: { 200: ScheduledReply, ...failures }
    }
  }, async (request) => {
    const { tz: timeZone, owner, limit: limitPerDay, cursor } = request.query
    const due = await schedule.list({ viewerId: sessionOf(request).userId, timeZone, isOwnOnly: owner === 'me', limitPerDay, cursor })
    const reply = (listed: typeof due.today) => listed.map((creative) => creativeReply(creative, creativeImages.linksTo(creative)))
    return {
      scheduled_creatives: { today: reply(due.today), tomorrow: reply(due.tomorrow) },
      dates: { today: due.dates.today, tomorrow: due.dates.tomorrow, time_zone: due.dates.timeZone },
      next_cursor: due.nextCursor
    }
  })
}

export default scheduledRoute
