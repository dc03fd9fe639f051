import { once } from 'node:events'
import type { Readable } from 'node:stream'
import fp from 'fastify-plugin'
import { findCreativeImage, type CreativeImage, type CreativeView } from '../../../db/creative-views.ts'
import { publicUrlOf } from '../../../src/config/derived.ts'
import type { ByteRange } from '../../../src/http/byte-range.ts'
import type { Variant } from '../../../src/domain/creatives/image.ts'
import { createImageLinkSigner, isImageLinkValid, linkEnd } from '../../../src/domain/creatives/image-link.ts'
import { isVisible } from '../../../src/domain/creatives/visibility.ts'
import { ApiError } from '../../../src/http/errors.ts'
import type { CreativeLinks } from '../../../src/http/serializers.ts'
import type { BlobKey } from '../../platform/blob-store/contract.ts'

export interface ImageRequest {
  creativeId: number
  variant: Variant
  /** From the link's query. */
  link: { expires: number, signature: string } | undefined
  /** `undefined` for the anonymous. */
  viewerId: number | undefined
}

/** An image that the asker may see. */
export interface FoundImage {
  creative: CreativeView
  key: BlobKey
  contentType: string
  byteCount: number
  /** Strong: of these bytes alone. */
  etag: string
}

/** The images of creatives: who may see them, and their bytes. */
export interface CreativeImages {
  /** @throws {ApiError} CHR_UNAUTHENTICATED without a link or a user; CHR_NOT_FOUND for what is not theirs to see */
  find (request: ImageRequest): Promise<FoundImage>
  /** Whether it is there, without its bytes. @throws {ApiError} CHR_NOT_FOUND, logged as the fault that it is */
  check (image: FoundImage): Promise<void>
  /** The bytes, or a part of them, of which the first are there; the caller reads or destroys them. @throws {ApiError} CHR_NOT_FOUND, logged as the fault that it is */
  open (image: FoundImage, range?: ByteRange): Promise<Readable>
  /** Signed addresses that end within two hours; only for those who may see the creative. */
  linksTo (creative: Pick<CreativeView, 'id' | 'sha256'>): CreativeLinks
}

declare module 'fastify' {
  interface FastifyInstance { creativeImages: CreativeImages }
}

/** Offers `creativeImages`. */
export default fp(async (fastify) => {
  const { db, blobs, secrets: { keyring }, clock, config, log } = fastify
  const publicUrl = publicUrlOf(config)
  const isShared = config.SCHEDULE_VISIBILITY === 'shared'
  const signer = createImageLinkSigner(keyring)

  function mayOpen (creative: CreativeImage, { variant, viewerId, link }: ImageRequest): boolean {
    const { id: creativeId, sha256 } = creative
    const now = clock.now()
    if (link !== undefined) return isImageLinkValid(keyring, { creativeId, variant, sha256, expires: link.expires }, link.signature, now)
    return viewerId !== undefined && isVisible(creative, { viewerId, isShared, now: new Date(now) })
  }

  /** What is listed can be shown: only a fault loses or changes an image. */
  function lost (creativeId: number, key: string): ApiError {
    log.error({ creativeId, key }, 'the image of a creative is missing or damaged')
    return new ApiError('CHR_NOT_FOUND')
  }

  fastify.decorate('creativeImages', {
    async find (request) {
      if (request.viewerId === undefined && request.link === undefined) throw new ApiError('CHR_UNAUTHENTICATED')
      const creative = await findCreativeImage(db, request.creativeId)
      if (creative === undefined || !mayOpen(creative, request)) throw new ApiError('CHR_NOT_FOUND')
      const { variant } = request
      if (creative.blobs === null) throw lost(creative.id, creative.key)
      const { byte_count: byteCount, sha256 } = creative.blobs[variant]
      return {
        creative,
        key: `${creative.key}.${variant}`,
        contentType: variant === 'original' ? creative.content_type : 'image/webp',
        byteCount,
        etag: `"${Buffer.from(sha256, 'hex').toString('base64url')}"`
      }
    },

    async check ({ creative, key, byteCount }) {
      if ((await blobs.head(key))?.byteCount !== byteCount) throw lost(creative.id, key)
    },

    async open ({ creative, key, byteCount }, range) {
      const opened = await blobs.open(key, range)
      const expected = range === undefined ? byteCount : range.end - range.start + 1
      if (opened?.byteCount !== expected) {
        opened?.stream.destroy()
        throw lost(creative.id, key)
      }
      // A store that fails at once is still in time for an answer that says so.
      await once(opened.stream, 'readable')
      return opened.stream
    },

    linksTo ({ id, sha256 }) {
      const expires = linkEnd(clock.now())
      const signatures = signer.sign({ creativeId: id, sha256, expires })
      const address = `${publicUrl}/creatives/${id}/image?`
      const end = `expires=${expires}&signature=`
      return {
        url: `${address}${end}${signatures.original}`,
        previewUrl: `${address}variant=preview&${end}${signatures.preview}`,
        thumbnailUrl: `${address}variant=thumbnail&${end}${signatures.thumbnail}`
      }
    }
  })
}, { name: 'creative-images', dependencies: ['postgres', 'blob-store', 'secrets'], fastify: '5.x' })
