import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { getSession } from '../../../src/http/access.ts'
import { rejectBody } from '../../../src/http/reject-body.ts'
import { FeedAddress, FeedState } from '../../../src/schemas/calendar.ts'

const tags = ['account']

const calendarFeedRoutes: FastifyPluginAsyncTypebox = async (fastify) => {
  const { calendarFeeds } = fastify
  rejectBody(fastify)

  fastify.get('', {
    schema: {
      operationId: 'getCalendarFeed',
      tags,
      summary: 'Whether there is a calendar feed, and since when',
      description: 'The address itself is shown only when it is made.',
      response: { 200: FeedState }
    }
  }, async (request) => {
    const createdAt = await calendarFeeds.find(getSession(request).userId)
    return { calendar_feed: createdAt === undefined ? null : { created_at: createdAt.toISOString() } }
  })

  fastify.post('', {
    schema: {
      operationId: 'createCalendarFeed',
      tags,
      summary: 'Make a secret address for calendar programs',
      description: 'It revokes an earlier feed. A feed stays valid when sessions end; `DELETE` revokes it.',
      response: { 200: FeedAddress }
    }
  }, async (request) => ({ url: await calendarFeeds.create(getSession(request).userId) }))

  fastify.delete('', {
    schema: {
      operationId: 'revokeCalendarFeed',
      tags,
      summary: 'End the calendar feed',
      description: 'Answers 404 if there is no feed.',
      failures: ['CHR_NOT_FOUND'],
      response: { 204: Type.Null({ description: 'Ended' }) }
    }
  }, async (request, reply) => {
    await calendarFeeds.revoke(getSession(request).userId)
    return await reply.code(204).send(null)
  })
}

export default calendarFeedRoutes
