import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { sessionOf } from '../../../src/http/session-of-request.ts'
import { takeNoBody } from '../../../src/http/reject-body.ts'
import { creativeReply } from '../../../src/http/serializers.ts'
import { CreativeAnswer } from '../../../src/schemas/calendar.ts'
import { bearer, failures } from '../../../src/schemas/common.ts'
import { ImageParams } from '../../../src/schemas/creatives.ts'
import { signedIn } from '../../../src/http/require-user.ts'

const tags = ['creatives']

/** DELETE of a creative, and the way back. */
const deletion: FastifyPluginAsyncTypebox = async (fastify) => {
  const { creativeDeletion, creativeImages } = fastify
  await signedIn(fastify, {})
  takeNoBody(fastify)

  fastify.delete('', {
    schema: {
      operationId: 'deleteCreative',
      tags,
      summary: 'Delete a creative',
      description: 'It is gone for everyone at once. Within 10 minutes its owner can bring it back; then its image is deleted for good.',
      security: bearer,
      params: ImageParams,
      response: { 204: Type.Null({ description: 'Deleted' }), ...failures }
    }
  }, async (request, reply) => {
    await creativeDeletion.delete({ id: request.params.id, userId: sessionOf(request).userId })
    return await reply.code(204).send(null)
  })

  fastify.post('/restore', {
    schema: {
      operationId: 'restoreCreative',
      tags,
      summary: 'Bring back a deleted creative',
      description: 'Within 10 minutes of its deletion; then 404.',
      security: bearer,
      params: ImageParams,
      response: { 200: CreativeAnswer, ...failures }
    }
  }, async (request) => {
    const creative = await creativeDeletion.restore({ id: request.params.id, userId: sessionOf(request).userId })
    return { creative: creativeReply(creative, creativeImages.linksTo(creative)) }
  })
}

export default deletion
