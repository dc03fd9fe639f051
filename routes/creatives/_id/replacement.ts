import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { getSession } from '../../../src/http/access.ts'
import { checkSeenVersion } from '../../../src/http/if-match.ts'
import { creativeReply, uploadedReply } from '../../../src/http/serializers.ts'
import {
  createReplacementForm, CreativeConflict, CreativeParams, replacementFields, ReplacementHeaders, UploadedReply
} from '../../../src/schemas/creatives.ts'
import { acceptUploads, getStatedBytes, readUploadForm, signalDisconnect } from '../../../src/http/upload-form.ts'

/** Replaces the image of a creative. */
const replacement: FastifyPluginAsyncTypebox = async (fastify) => {
  const { creatives, uploads, staging } = fastify
  await acceptUploads(fastify)

  fastify.put('/image', {
    schema: {
      operationId: 'replaceCreativeImage',
      tags: ['creatives'],
      summary: 'Replace the image of a creative',
      description:
        'With `If-Match` or the field `version`, only the version that you have seen is replaced; otherwise 412 ' +
        '`CHR_PRECONDITION_FAILED` or 409 `CHR_VERSION_CONFLICT` returns the current state.',
      consumes: ['multipart/form-data'],
      params: CreativeParams,
      headers: ReplacementHeaders,
      body: createReplacementForm(staging.maximumBytes),
      failures: [
        'CHR_MULTIPART_INVALID', 'CHR_QUOTA_EXCEEDED', 'CHR_NOT_FOUND', 'CHR_IMAGE_TYPE', 'CHR_IMAGE_BROKEN',
        'CHR_IMAGE_TOO_LARGE', 'CHR_RATE_LIMITED', 'CHR_VERSION_CONFLICT', 'CHR_PRECONDITION_FAILED'
      ],
      response: { 200: UploadedReply, 409: CreativeConflict, 412: CreativeConflict }
    }
  }, async (request, reply) => {
    const signal = signalDisconnect(reply)
    const { creative, duplicateOf } = await uploads.replace({
      userId: getSession(request).userId,
      creativeId: request.params.id,
      statedBytes: getStatedBytes(request),
      signal,
      receive: async () => await readUploadForm(request, { staging, knownFields: replacementFields, signal }),
      checkVersion (creative, fields) {
        const seen = { headers: request.headers, field: fields.get('version') }
        checkSeenVersion(seen, creative.version, () => creativeReply(creative, creatives.linksTo(creative), creative.user_id))
      }
    })
    return uploadedReply(creative, creatives.linksTo(creative), duplicateOf)
  })
}

export default replacement
