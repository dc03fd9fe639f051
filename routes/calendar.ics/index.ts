import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { matchesIfNoneMatch } from '../../src/http/conditional-request.ts'
import { FeedQuery } from '../../src/schemas/calendar.ts'

/** Calendar programs do not fetch more often than every few minutes. */
const maximumAgeSeconds = 300

const calendarRoute: FastifyPluginAsyncTypebox = async (fastify) => {
  const { calendarFeeds } = fastify

  fastify.get('', {
    schema: {
      operationId: 'readCalendar',
      tags: ['creatives'],
      summary: 'Read the calendar feed',
      description:
        'iCalendar with an all-day event for each dated creative of the past year and of the future. At most 2,000 are shown: the next ' +
        'ones first, then the latest past ones; a COMMENT names the dates that are omitted. `POST /me/calendar-feed` returns the URL ' +
        'with its key; any other key gets 404.',
      querystring: FeedQuery,
      responseHeaders: { 200: ['ETag', 'Cache-Control', 'Content-Disposition'], 304: ['ETag', 'Cache-Control'] },
      failures: ['CHR_NOT_FOUND'],
      response: {
        200: { description: 'iCalendar (RFC 5545)', content: { 'text/calendar': { schema: Type.String({ examples: ['BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n'] }) } } },
        304: Type.Null({ description: 'Not modified' })
      }
    }
  }, async (request, reply) => {
    const { etag, write } = await calendarFeeds.read(request.query.key)
    reply.header('etag', etag).header('cache-control', `private, max-age=${maximumAgeSeconds}`)
    if (matchesIfNoneMatch(request.headers['if-none-match'], etag)) return await reply.code(304).send(null)
    return await reply.type('text/calendar; charset=utf-8').header('content-disposition', 'inline; filename="cheershare.ics"').send(await write())
  })
}

export default calendarRoute
