import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Static } from '@sinclair/typebox'
import { create as createDisposition } from 'content-disposition'
import type { FastifyReply, FastifyRequest, FastifySchema } from 'fastify'
import { parseRange } from '../../../../src/http/byte-range.ts'
import { matchesIfNoneMatch } from '../../../../src/http/conditional-request.ts'
import { ApiError } from '../../../../src/http/errors.ts'
import { toFileName } from '../../../../src/http/image-file-name.ts'
import { CreativeParams, imageContent, ImageHeaders, ImageQuery } from '../../../../src/schemas/creatives.ts'

type ImageRequest = FastifyRequest<{
  Params: Static<typeof CreativeParams>
  Querystring: Static<typeof ImageQuery>
  Headers: Static<typeof ImageHeaders>
}>

const imageRoute: FastifyPluginAsyncTypebox = async (fastify) => {
  const { creatives, clock, config } = fastify
  type FoundImage = Awaited<ReturnType<typeof creatives.findImage>>
  const isShared = config.http.corsOrigins.length > 0

  /** The content of a signed link never changes. An image that a token opens can be replaced, so caches must revalidate it. */
  function cacheControl ({ linkExpires }: FoundImage): string {
    if (linkExpires === undefined) return 'private, no-cache'
    return `private, max-age=${Math.max(0, linkExpires - Math.ceil(clock.now() / 1000))}, immutable`
  }

  /** Pages of every site may show the image of a signed link, since its signature is the protection. A token protects only what its page fetches. */
  const resourcePolicy = ({ linkExpires }: FoundImage) => isShared || linkExpires !== undefined ? 'cross-origin' : 'same-site'

  function describe (reply: FastifyReply, image: FoundImage): void {
    const { creative, contentType } = image
    const { name, asciiName } = toFileName(creative.title, { fallback: `creative-${creative.id}`, contentType })
    reply.type(contentType).header('accept-ranges', 'bytes').shownInBrowser("default-src 'none'; sandbox")
      .header('cross-origin-resource-policy', resourcePolicy(image))
      .header('content-disposition', createDisposition(name, { type: 'inline', fallback: asciiName }))
  }

  async function show (request: ImageRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { params: { id: creativeId }, query, headers } = request
    const image = await creatives.findImage({ creativeId, variant: query.variant, query, viewerId: request.session?.userId })
    const { etag, byteCount } = image
    const identify = () => reply.header('etag', etag).header('cache-control', cacheControl(image))
    if (matchesIfNoneMatch(headers['if-none-match'], etag)) return identify().code(304).send()
    if (request.method === 'HEAD') {
      await creatives.checkImage(image)
      describe(reply, image)
      return identify().header('content-length', byteCount).send()
    }
    const range = parseRange({ range: headers.range, ifRange: headers['if-range'] }, image)
    if (range === 'unsatisfiable') {
      reply.header('content-range', `bytes */${byteCount}`)
      throw new ApiError('CHR_RANGE_NOT_SATISFIABLE')
    }
    const stream = await creatives.openImage(image, range)
    describe(reply, image)
    const { start, end } = range ?? { start: 0, end: byteCount - 1 }
    if (range !== undefined) reply.code(206).header('content-range', `bytes ${start}-${end}/${byteCount}`)
    return identify().header('content-length', end - start + 1).send(stream)
  }

  const schema = {
    operationId: 'getCreativeImage',
    tags: ['creatives'],
    summary: 'Get the image of a creative',
    description: 'Use a signed URL (`creative_url`, `preview_url`, `thumbnail_url`), or the token of a user who may see the creative.',
    params: CreativeParams,
    querystring: ImageQuery,
    headers: ImageHeaders,
    responseHeaders: {
      200: ['ETag', 'Cache-Control', 'Accept-Ranges', 'Content-Disposition'],
      206: ['ETag', 'Cache-Control', 'Accept-Ranges', 'Content-Disposition', 'Content-Range'],
      304: ['ETag', 'Cache-Control']
    },
    failures: ['CHR_LINK_EXPIRED', 'CHR_NOT_FOUND', 'CHR_RANGE_NOT_SATISFIABLE'],
    response: {
      200: { description: 'The image', content: imageContent },
      206: { description: 'The requested range', content: imageContent },
      304: Type.Null({ description: 'Not modified' })
    }
  } satisfies FastifySchema
  fastify.get('', { schema, exposeHeadRoute: false }, show)
  fastify.head('', { schema: { ...schema, hide: true } }, show)
}

export default imageRoute
