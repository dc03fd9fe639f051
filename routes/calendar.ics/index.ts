import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { matchesIfNoneMatch } from '../../src/http/conditional-request.ts'
import { FeedQuery } from '../../src/schemas/calendar.ts'
import { failures } from '../../src/schemas/common.ts'

/** Calendar programs fetch every few minutes at the most. */
const maximumAgeSeconds = 300

const calendarRoute: FastifyPluginAsyncTypebox = async (fastify) => {
  const { calendarFeeds } = fastify

  fastify.get('', {
    schema: {
      operationId: 'calendar',
      tags: ['creatives'],
      summary: 'Your creatives for a calendar program',
      description: 'iCalendar with an all-day event for each dated creative, from 60 days ago on, at most 2,000. The address with its key comes from `POST /me/calendar-feed`; 404 for any other key.',
      querystring: FeedQuery,
      response: {
        200: { description: 'iCalendar (RFC 5545)', content: { 'text/calendar': { schema: Type.String() } } },
        304: Type.Null({ description: 'You have it already' }),
        ...failures
      }
    }
  }, async (request, reply) => {
    const { text, etag } = await calendarFeeds.read(request.query.key)
    reply.header('etag', etag).header('cache-control', `private, max-age=${maximumAgeSeconds}`)
    if (matchesIfNoneMatch(request.headers['if-none-match'], etag)) return await reply.code(304).send(null)
    return await reply.type('text/calendar; charset=utf-8').header('content-disposition', 'inline; filename="cheershare.ics"').send(text)
  })
}

export default calendarRoute
