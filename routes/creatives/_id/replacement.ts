import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { sessionOf } from '../../../src/http/session-of-request.ts'
import { ApiError } from '../../../src/http/errors.ts'
import { checkIfMatch } from '../../../src/http/if-match.ts'
import { creativeReply, uploadedReply } from '../../../src/http/serializers.ts'
import { bearer, failures } from '../../../src/schemas/common.ts'
import { CreativeConflict, ImageParams, ReplacementForm, ReplacementHeaders, UploadedReply } from '../../../src/schemas/creatives.ts'
import { signedIn } from '../../../src/http/require-user.ts'
import { abandonmentOf, readUploadForm, statedBytesOf, takeUploads } from '../../../src/http/upload-form.ts'

const knownFields = ['version']

/** PUT of another image to a creative. */
const replacement: FastifyPluginAsyncTypebox = async (fastify) => {
  const { creativeImages, uploads, staging } = fastify
  await signedIn(fastify, {})
  await takeUploads(fastify)

  fastify.put('/image', {
    schema: {
      operationId: 'replaceImage',
      tags: ['creatives'],
      summary: 'Replace the image of a creative',
      description: 'With `If-Match` or the field `version`, only the version that you have seen is replaced; else 412 `CHR_PRECONDITION_FAILED` or 409 `CHR_VERSION_CONFLICT` carry the current state.',
      security: bearer,
      consumes: ['multipart/form-data'],
      params: ImageParams,
      headers: ReplacementHeaders,
      body: ReplacementForm,
      response: { 200: UploadedReply, 409: CreativeConflict, 412: CreativeConflict, ...failures }
    }
  }, async (request, reply) => {
    const signal = abandonmentOf(reply)
    const { creative, duplicateOf } = await uploads.replace({
      userId: sessionOf(request).userId,
      creativeId: request.params.id,
      statedBytes: statedBytesOf(request),
      signal,
      receive: async () => await readUploadForm(request, { staging, knownFields, signal }),
      checkVersion (creative, fields) {
        const current = () => creativeReply(creative, creativeImages.linksTo(creative))
        checkIfMatch(request.headers, creative.version, current)
        const version = fields.get('version')
        if (version !== undefined && version !== String(creative.version)) throw new ApiError('CHR_VERSION_CONFLICT', { current: current() })
      }
    })
    return uploadedReply(creative, creativeImages.linksTo(creative), duplicateOf)
  })
}

export default replacement
