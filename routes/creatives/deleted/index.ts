import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { getSession } from '../../../src/http/access.ts'
import { creativeReply } from '../../../src/http/serializers.ts'
import { DeletedQuery, DeletedReply } from '../../../src/schemas/creatives.ts'

const deletedRoute: FastifyPluginAsyncTypebox = async (fastify) => {
  const { creatives } = fastify

  fastify.get('', {
    schema: {
      operationId: 'listDeletedCreatives',
      tags: ['creatives'],
      summary: 'List the creatives that you can restore',
      description: 'Those that you deleted within the last 10 minutes, the newest creative first.',
      querystring: DeletedQuery,
      response: { 200: DeletedReply }
    }
  }, async (request) => {
    const { userId } = getSession(request)
    const { creatives: deleted, nextCursor } = await creatives.listDeleted({ ownerId: userId, ...request.query })
    return {
      creatives: deleted.map((creative) => ({
        ...creativeReply(creative, creatives.linksTo(creative), userId),
        deleted_at: creative.deleted_at.toISOString(),
        restorable_until: creative.restorableUntil.toISOString()
      })),
      next_cursor: nextCursor
    }
  })
}

export default deletedRoute
