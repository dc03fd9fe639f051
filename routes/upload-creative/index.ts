import multipart from '@fastify/multipart'
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { sessionOf } from '../../src/current-session.ts'
import { maximumImageBytes } from '../../src/domain/image.ts'
import { creativeReply } from '../../src/replies.ts'
import { bearer, failures } from '../../src/schemas/common.ts'
import { CreativeReply, UploadForm } from '../../src/schemas/creatives.ts'
import { readUploadForm, refuseLongBody, uploadLimits } from './form.ts'

const uploadRoute: FastifyPluginAsyncTypebox = async (fastify) => {
  const { creatives, creativeImages, creativeStorage } = fastify
  await fastify.register(multipart, { limits: { ...uploadLimits, fileSize: maximumImageBytes } })

  fastify.post('', {
    onRequest: refuseLongBody,
    // The schema is for the documentation: the body is a stream, and its parts are checked as they arrive.
    validatorCompiler: () => () => true,
    schema: {
      operationId: 'uploadCreative',
      tags: ['creatives'],
      summary: 'Upload an image for a date',
      security: bearer,
      consumes: ['multipart/form-data'],
      body: UploadForm,
      response: { 200: Type.Object({ creative: CreativeReply }), ...failures }
    }
  }, async (request) => {
    const { file, contentType, scheduledAt, timeZone } = await readUploadForm(request, creativeStorage)
    try {
      const creative = await creatives.add({ ownerId: sessionOf(request).userId, file, contentType, scheduledAt, timeZone })
      return { creative: creativeReply(creative, creativeImages.linksTo(creative)) }
    } finally {
      await file.discard()
    }
  })
}

export default uploadRoute
