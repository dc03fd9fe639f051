import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { sessionOf } from '../../src/current-session.ts'
import { creativeReply } from '../../src/replies.ts'
import { bearer, failures } from '../../src/schemas/common.ts'
import { ScheduledReply, ScheduleQuery } from '../../src/schemas/creatives.ts'

const scheduledRoute: FastifyPluginAsyncTypebox = async (fastify) => {
  const { creatives } = fastify

  fastify.get('', {
    schema: {
      operationId: 'listScheduled',
      tags: ['creatives'],
      summary: 'What is due today and tomorrow',
      security: bearer,
      querystring: ScheduleQuery,
      response: { 200: ScheduledReply, ...failures }
    }
  }, async (request) => {
    const { tz: timeZone, owner, limit: limitPerDate } = request.query
    const { today, tomorrow } = await creatives.listScheduled({ viewerId: sessionOf(request).userId, timeZone, isOwnOnly: owner === 'me', limitPerDate })
    const reply = (listed: typeof today) => listed.map((creative) => creativeReply(creative, creatives.linksTo(creative)))
    return { scheduled_creatives: { today: reply(today), tomorrow: reply(tomorrow) } }
  })
}

export default scheduledRoute
