import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { sessionOf } from '../../src/http/session-of-request.ts'
import { idempotencyKeyOf } from '../../src/http/idempotency-key.ts'
import { uploadedReply } from '../../src/http/serializers.ts'
import { bearer, failures } from '../../src/schemas/common.ts'
import { UploadedReply, UploadForm, UploadHeaders } from '../../src/schemas/creatives.ts'
import { abandonmentOf, readUploadForm, statedBytesOf, takeUploads } from '../../src/http/upload-form.ts'

const knownFields = ['scheduled_at', 'tz', 'title', 'alt_text']

const uploadRoute: FastifyPluginAsyncTypebox = async (fastify) => {
  const { creativeImages, uploads, staging } = fastify
  await takeUploads(fastify)

  fastify.post('', {
    schema: {
      operationId: 'uploadCreative',
      tags: ['creatives'],
      summary: 'Upload an image for a date',
      description: 'Metadata is taken out of the image, its pixels stay as they are. Repeat an upload with its `Idempotency-Key` and get the same creative.',
      security: bearer,
      consumes: ['multipart/form-data'],
      headers: UploadHeaders,
      body: UploadForm,
      response: { 200: UploadedReply, ...failures }
    }
  }, async (request, reply) => {
    const signal = abandonmentOf(reply)
    const { creative, duplicateOf } = await uploads.add({
      userId: sessionOf(request).userId,
      statedBytes: statedBytesOf(request),
      idempotencyKey: idempotencyKeyOf(request.headers),
      signal,
      receive: async () => await readUploadForm(request, { staging, knownFields, signal })
    })
    return uploadedReply(creative, creativeImages.linksTo(creative), duplicateOf)
  })
}

export default uploadRoute
