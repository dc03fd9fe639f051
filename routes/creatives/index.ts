import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { sessionOf } from '../../src/http/session-of-request.ts'
import { creativeReply } from '../../src/http/serializers.ts'
import { OwnQuery, OwnReply } from '../../src/schemas/calendar.ts'
import { bearer, failures } from '../../src/schemas/common.ts'
import { signedIn } from '../../src/http/require-user.ts'

const creativesRoute: FastifyPluginAsyncTypebox = async (fastify) => {
  const { creativeViews, creativeImages } = fastify
  // Not by autohooks: those of the image, which a link opens too, lie below.
  await signedIn(fastify, {})

  fastify.get('', {
    schema: {
      operationId: 'listCreatives',
      tags: ['creatives'],
      summary: 'Your own creatives',
      description: 'Drafts first, then the latest date first; within both the newest first. Pages stay in step while creatives come and go.',
      security: bearer,
      querystring: OwnQuery,
      response: { 200: OwnReply, ...failures }
    }
  }, async (request) => {
    const { creatives, nextCursor } = await creativeViews.listOwn({ ownerId: sessionOf(request).userId, ...request.query })
    return { creatives: creatives.map((creative) => creativeReply(creative, creativeImages.linksTo(creative))), next_cursor: nextCursor }
  })
}

export default creativesRoute
