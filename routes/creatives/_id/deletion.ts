import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { getSession } from '../../../src/http/access.ts'
import { rejectBody } from '../../../src/http/reject-body.ts'
import { creativeReply } from '../../../src/http/serializers.ts'
import { CreativeParams, OneCreativeReply } from '../../../src/schemas/creatives.ts'

const tags = ['creatives']

/** Deletes and restores a creative. */
const deletion: FastifyPluginAsyncTypebox = async (fastify) => {
  const { creatives } = fastify
  rejectBody(fastify)

  fastify.delete('', {
    schema: {
      operationId: 'deleteCreative',
      tags,
      summary: 'Delete a creative',
      description:
        'The creative disappears for everyone at once. Its owner can restore it for 10 minutes; then its image is deleted ' +
        'permanently.',
      params: CreativeParams,
      failures: ['CHR_NOT_FOUND'],
      response: { 204: Type.Null({ description: 'Deleted' }) }
    }
  }, async (request, reply) => {
    await creatives.delete({ id: request.params.id, userId: getSession(request).userId })
    return await reply.code(204).send(null)
  })

  fastify.post('/restore', {
    schema: {
      operationId: 'restoreCreative',
      tags,
      summary: 'Restore a deleted creative',
      description: 'Works within 10 minutes of the deletion; later it returns 404.',
      params: CreativeParams,
      failures: ['CHR_QUOTA_EXCEEDED', 'CHR_NOT_FOUND'],
      response: { 200: OneCreativeReply }
    }
  }, async (request) => {
    const { userId } = getSession(request)
    const creative = await creatives.restore({ id: request.params.id, userId })
    return { creative: creativeReply(creative, creatives.linksTo(creative), userId) }
  })
}

export default deletion
