import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { getSession } from '../../src/http/access.ts'
import { creativeReply } from '../../src/http/serializers.ts'
import { OwnQuery, OwnReply } from '../../src/schemas/creatives.ts'

const creativesRoute: FastifyPluginAsyncTypebox = async (fastify) => {
  const { creatives } = fastify

  fastify.get('', {
    schema: {
      operationId: 'listCreatives',
      tags: ['creatives'],
      summary: 'List your own creatives',
      description:
        'Drafts first, then by date, latest first; newest first within each. Pagination is stable while creatives are added ' +
        'and deleted.',
      querystring: OwnQuery,
      response: { 200: OwnReply }
    }
  }, async (request) => {
    const { userId } = getSession(request)
    const { creatives: listed, nextCursor } = await creatives.listOwn({ ownerId: userId, ...request.query })
    return { creatives: listed.map((creative) => creativeReply(creative, creatives.linksTo(creative), userId)), next_cursor: nextCursor }
  })
}

export default creativesRoute
