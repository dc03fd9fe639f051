import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { getSession } from '../../../src/http/access.ts'
import { toVersionTag } from '../../../src/http/conditional-request.ts'
import { checkSeenVersion } from '../../../src/http/if-match.ts'
import { fieldError } from '../../../src/http/parsers.ts'
import { creativeReply } from '../../../src/http/serializers.ts'
import { CreativeConflict, CreativeParams, CreativePatch, OneCreativeReply, PatchHeaders } from '../../../src/schemas/creatives.ts'

const tags = ['creatives']

/** Reads a creative, and changes its date and texts. */
const details: FastifyPluginAsyncTypebox = async (fastify) => {
  const { creatives } = fastify

  fastify.get('', {
    schema: {
      operationId: 'getCreative',
      tags,
      summary: 'Get a creative',
      description:
        'Visible to its owner; while it is due and `SCHEDULE_VISIBILITY` is `shared`, visible to everyone signed in. Send the ' +
        'ETag as If-Match to change it.',
      params: CreativeParams,
      responseHeaders: { 200: ['ETag'] },
      failures: ['CHR_NOT_FOUND'],
      response: { 200: OneCreativeReply }
    }
  }, async (request, reply) => {
    const { userId } = getSession(request)
    const creative = await creatives.get(request.params.id, userId)
    reply.header('etag', toVersionTag(creative))
    return { creative: creativeReply(creative, creatives.linksTo(creative), userId) }
  })

  fastify.patch('', {
    schema: {
      operationId: 'changeCreative',
      tags,
      summary: 'Change the date or the texts of a creative',
      description:
        'Send the `version` or the ETag (`If-Match`) that you have seen. If it is not the current one, nothing changes, and ' +
        '409 `CHR_VERSION_CONFLICT` or 412 `CHR_PRECONDITION_FAILED` returns the current state.',
      params: CreativeParams,
      headers: PatchHeaders,
      body: CreativePatch,
      responseHeaders: { 200: ['ETag'] },
      failures: [
        'CHR_DATE_PAST', 'CHR_TIME_ZONE_UNKNOWN', 'CHR_NOT_FOUND', 'CHR_VERSION_CONFLICT', 'CHR_PRECONDITION_FAILED'
      ],
      response: { 200: OneCreativeReply, 409: CreativeConflict, 412: CreativeConflict }
    }
  }, async (request, reply) => {
    const { userId } = getSession(request)
    const { params: { id: creativeId }, headers, body: { scheduled_at: scheduledAt, tz: timeZone, version, ...texts } } = request
    if (version === undefined && headers['if-match'] === undefined) throw fieldError('version', 'is required without If-Match')
    const creative = await creatives.update({
      creativeId,
      ownerId: userId,
      scheduledAt,
      timeZone,
      texts,
      checkVersion (current) {
        checkSeenVersion({ headers, field: version }, current.version, () => creativeReply(current, creatives.linksTo(current), userId))
      }
    })
    reply.header('etag', toVersionTag(creative))
    return { creative: creativeReply(creative, creatives.linksTo(creative), userId) }
  })
}

export default details
