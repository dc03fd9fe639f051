import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { bearer, failures } from '../../../../src/schemas/common.ts'
import { ImageParams, ImageQuery } from '../../../../src/schemas/creatives.ts'

const imageRoute: FastifyPluginAsyncTypebox = async (fastify) => {
  const { creatives, clock } = fastify

  fastify.get('', {
    schema: {
      operationId: 'getImage',
      tags: ['creatives'],
      summary: 'The image of a creative',
      description: 'By the signed `creative_url`, or with the token of someone who may see the creative.',
      security: [...bearer, {}],
      params: ImageParams,
      querystring: ImageQuery,
      response: {
        200: { description: 'The image', content: Object.fromEntries(['image/jpeg', 'image/png', 'image/gif'].map((type) => [type, { schema: Type.Unsafe<unknown>({ type: 'string', format: 'binary' }) }])) },
        ...failures
      }
    }
  }, async (request, reply) => {
    const { expires, signature } = request.query
    const link = expires === undefined || signature === undefined ? undefined : { expires, signature }
    const { creative, stream, byteCount } = await creatives.openImage({ creativeId: request.params.id, link, viewerId: request.session?.userId })
    const restSeconds = link === undefined ? 0 : Math.max(0, link.expires - Math.ceil(clock.now() / 1000))
    return reply
      .type(creative.content_type)
      .header('content-length', byteCount)
      .header('cache-control', link === undefined ? 'no-store' : `private, max-age=${restSeconds}, immutable`)
      .shownInBrowser("default-src 'none'; sandbox")
      .header('content-disposition', `inline; filename="creative-${creative.id}.${creative.content_type.slice('image/'.length)}"`)
      .send(stream)
  })
}

export default imageRoute
