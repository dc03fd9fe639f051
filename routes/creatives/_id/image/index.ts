import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Static } from '@sinclair/typebox'
import { create as createDisposition } from 'content-disposition'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { parseRange } from '../../../../src/http/byte-range.ts'
import { matchesIfNoneMatch } from '../../../../src/http/conditional-request.ts'
import { ApiError } from '../../../../src/http/errors.ts'
import { toFileName } from '../../../../src/http/image-file-name.ts'
import { ImageHeaders, ImageQuery } from '../../../../src/schemas/calendar.ts'
import { bearer, failures } from '../../../../src/schemas/common.ts'
import { ImageParams } from '../../../../src/schemas/creatives.ts'

const types = ['image/jpeg', 'image/png', 'image/gif', 'image/webp']
const content = Object.fromEntries(types.map((type) => [type, { schema: Type.Unsafe<unknown>({ type: 'string', format: 'binary' }) }]))

type ImageRequest = FastifyRequest<{ Params: Static<typeof ImageParams>, Querystring: Static<typeof ImageQuery>, Headers: Static<typeof ImageHeaders> }>
interface Link { expires: number, signature: string }

const imageRoute: FastifyPluginAsyncTypebox = async (fastify) => {
  const { creativeImages, clock, config } = fastify
  type FoundImage = Awaited<ReturnType<typeof creativeImages.find>>
  // Pages of the same site, such as those of a sister host, may show images; those of another only where they may call at all.
  const resourcePolicy = config.CORS_ORIGINS === undefined ? 'same-site' : 'cross-origin'

  /** A link has the same content until it ends. What a token opens can be replaced, so it is asked again each time. */
  function cachingOf (link: Link | undefined): string {
    if (link === undefined) return 'private, no-cache'
    return `private, max-age=${Math.max(0, link.expires - Math.ceil(clock.now() / 1000))}, immutable`
  }

  function describe (reply: FastifyReply, { creative, contentType }: FoundImage): void {
    const { name, asciiName } = toFileName(creative.title, { fallback: `creative-${creative.id}`, contentType })
    reply.type(contentType).header('accept-ranges', 'bytes').shownInBrowser("default-src 'none'; sandbox")
      .header('cross-origin-resource-policy', resourcePolicy)
      .header('content-disposition', createDisposition(name, { type: 'inline', fallback: asciiName }))
  }

  async function show (request: ImageRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { params: { id: creativeId }, query: { variant }, headers } = request
    const link = linkOf(request)
    const image = await creativeImages.find({ creativeId, variant, link, viewerId: request.session?.userId })
    const { etag, byteCount } = image
    const identify = () => reply.header('etag', etag).header('cache-control', cachingOf(link))
    if (matchesIfNoneMatch(headers['if-none-match'], etag)) return identify().code(304).send()
    if (request.method === 'HEAD') {
      await creativeImages.check(image)
      describe(reply, image)
      return identify().header('content-length', byteCount).send()
    }
    const range = parseRange({ range: headers.range, ifRange: headers['if-range'] }, image)
    if (range === 'unsatisfiable') {
      reply.header('content-range', `bytes */${byteCount}`)
      throw new ApiError('CHR_RANGE_NOT_SATISFIABLE')
    }
    const stream = await creativeImages.open(image, range)
    describe(reply, image)
    const { start, end } = range ?? { start: 0, end: byteCount - 1 }
    if (range !== undefined) reply.code(206).header('content-range', `bytes ${start}-${end}/${byteCount}`)
    return identify().header('content-length', end - start + 1).send(stream)
  }

  const schema = {
    operationId: 'getImage',
    tags: ['creatives'],
    summary: 'The image of a creative',
    description: 'By a signed address (`creative_url`, `preview_url`, `thumbnail_url`), or with the token of someone who may see the creative.',
    security: [...bearer, {}],
    params: ImageParams,
    querystring: ImageQuery,
    headers: ImageHeaders,
    response: {
      200: { description: 'The image', content },
      206: { description: 'The part that `Range` asks for', content },
      304: Type.Null({ description: 'You have it already' }),
      ...failures
    }
  }
  fastify.get('', { schema, exposeHeadRoute: false }, show)
  fastify.head('', { schema: { ...schema, hide: true } }, show)
}

/** Half a link is none. */
function linkOf ({ query: { expires, signature } }: ImageRequest): Link | undefined {
  return expires === undefined || signature === undefined ? undefined : { expires, signature }
}

export default imageRoute
