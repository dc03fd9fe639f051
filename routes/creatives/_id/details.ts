import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { sessionOf } from '../../../src/http/session-of-request.ts'
import { toVersionTag } from '../../../src/http/conditional-request.ts'
import { creativeReply } from '../../../src/http/serializers.ts'
import { CreativeAnswer, CreativePatch, PatchHeaders } from '../../../src/schemas/calendar.ts'
import { bearer, failures } from '../../../src/schemas/common.ts'
import { CreativeConflict, ImageParams } from '../../../src/schemas/creatives.ts'
import { signedIn } from '../../../src/http/require-user.ts'

const tags = ['creatives']

/** What is said of a creative: to be read, and to be changed by its owner. */
const details: FastifyPluginAsyncTypebox = async (fastify) => {
  const { creativeViews, creativeEdits, creativeImages } = fastify
  await signedIn(fastify, {})

  fastify.get('', {
    schema: {
      operationId: 'getCreative',
      tags,
      summary: 'A creative',
      description: 'For its owner and, while it is due and `SCHEDULE_VISIBILITY` is `shared`, for everyone signed in. The ETag is good for If-Match.',
      security: bearer,
      params: ImageParams,
      response: { 200: CreativeAnswer, ...failures }
    }
  }, async (request, reply) => {
    const creative = await creativeViews.get(request.params.id, sessionOf(request).userId)
    reply.header('etag', toVersionTag(creative))
    return { creative: creativeReply(creative, creativeImages.linksTo(creative)) }
  })

  fastify.patch('', {
    schema: {
      operationId: 'changeCreative',
      tags,
      summary: 'Change date, title or alternative text',
      description: 'With the `version` or the ETag (`If-Match`) that you have seen; if it is not the current one, nothing changes, and 409 `CHR_VERSION_CONFLICT` or 412 `CHR_PRECONDITION_FAILED` carries the current state.',
      security: bearer,
      params: ImageParams,
      headers: PatchHeaders,
      body: CreativePatch,
      response: { 200: CreativeAnswer, 409: CreativeConflict, 412: CreativeConflict, ...failures }
    }
  }, async (request, reply) => {
    const { scheduled_at: scheduledAt, tz: timeZone, title, alt_text: altText, version } = request.body
    const creative = await creativeEdits.update({
      creativeId: request.params.id, ownerId: sessionOf(request).userId, ifMatch: request.headers['if-match'], scheduledAt, timeZone, title, altText, version
    })
    reply.header('etag', toVersionTag(creative))
    return { creative: creativeReply(creative, creativeImages.linksTo(creative)) }
  })
}

export default details
