import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { getSession } from '../../src/http/access.ts'
import { readIdempotencyKey } from '../../src/http/idempotency-key.ts'
import { uploadedReply } from '../../src/http/serializers.ts'
import { createUploadForm, UploadedReply, uploadFields, UploadHeaders } from '../../src/schemas/creatives.ts'
import { acceptUploads, getStatedBytes, readUploadForm, signalDisconnect } from '../../src/http/upload-form.ts'

const uploadRoute: FastifyPluginAsyncTypebox = async (fastify) => {
  const { creatives, uploads, staging } = fastify
  await acceptUploads(fastify)

  fastify.post('', {
    schema: {
      operationId: 'uploadCreative',
      tags: ['creatives'],
      summary: 'Upload an image for a date',
      description:
        'Metadata is removed from the image; its pixels do not change. Repeating an upload with the same `Idempotency-Key` ' +
        'returns the same creative.',
      consumes: ['multipart/form-data'],
      headers: UploadHeaders,
      body: createUploadForm(staging.maximumBytes),
      failures: [
        'CHR_DATE_PAST', 'CHR_TIME_ZONE_UNKNOWN', 'CHR_MULTIPART_INVALID', 'CHR_QUOTA_EXCEEDED', 'CHR_NOT_FOUND',
        'CHR_IMAGE_TYPE', 'CHR_IMAGE_BROKEN', 'CHR_IMAGE_TOO_LARGE', 'CHR_RATE_LIMITED', 'CHR_IDEMPOTENCY_CONFLICT'
      ],
      response: { 200: UploadedReply }
    }
  }, async (request, reply) => {
    const signal = signalDisconnect(reply)
    const { creative, duplicateOf } = await uploads.create({
      userId: getSession(request).userId,
      statedBytes: getStatedBytes(request),
      idempotencyKey: readIdempotencyKey(request.headers),
      signal,
      receive: async () => await readUploadForm(request, { staging, knownFields: uploadFields, signal })
    })
    return uploadedReply(creative, creatives.linksTo(creative), duplicateOf)
  })
}

export default uploadRoute
