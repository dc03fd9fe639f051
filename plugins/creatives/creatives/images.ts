import { once } from 'node:events'
import type { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { findCreativeImage, type CreativeImage, type CreativeView } from '../../../db/creatives.ts'
import {
  checkImageLink, createImageLinkSigner, findLinkProof, linkEnd, type CreativeLinks, type LinkProof, type LinkQuery
} from '../../../src/domain/creatives/image-link.ts'
import { contentTypeOfVariant, type Variant } from '../../../src/domain/creatives/image.ts'
import { isVisible } from '../../../src/domain/creatives/schedule.ts'
import type { ByteRange } from '../../../src/http/byte-range.ts'
import { ApiError } from '../../../src/http/errors.ts'
import type { BlobKey } from '../../platform/blob-store/contract.ts'

export interface ImageRequest {
  creativeId: number
  variant: Variant
  /** Expiry and signature of a signed link; both are needed. */
  query: LinkQuery
  /** `undefined` for an anonymous request. */
  viewerId: number | undefined
}

/** An image that the requester may see. */
export interface FoundImage {
  creative: CreativeImage
  key: BlobKey
  contentType: string
  byteCount: number
  /** Strong entity tag of these bytes. */
  etag: string
  /** Unix seconds at which the signed link expires; `undefined` if a token opened the image. */
  linkExpires: number | undefined
}

export interface CreativeImageAccess {
  /**
   * @throws {ApiError} CHR_UNAUTHENTICATED without a link and a user; CHR_LINK_EXPIRED for a link whose time is over; CHR_NOT_FOUND if the
   *   requester may not see the image
   */
  findImage (request: ImageRequest): Promise<FoundImage>
  /** Checks that the bytes are stored. @throws {ApiError} CHR_NOT_FOUND, logged as an error */
  checkImage (image: FoundImage): Promise<void>
  /**
   * Opens the bytes or a range of them, and waits for the first ones. The caller must read or destroy the stream.
   * @throws {ApiError} CHR_NOT_FOUND, logged as an error
   */
  openImage (image: FoundImage, range?: ByteRange): Promise<Readable>
  /** Signed URLs that expire within two hours; give them only to users who may see the creative. */
  linksTo (creative: Pick<CreativeView, 'id' | 'sha256'>): CreativeLinks
}

export function createImageAccess (
  { db, blobs, secrets: { keyring }, schedule, clock, config, log }: FastifyInstance
): CreativeImageAccess {
  const publicUrl = config.http.baseUrl
  const signer = createImageLinkSigner(keyring)

  function mayOpen (creative: CreativeImage, { variant, viewerId }: ImageRequest, proof: LinkProof | undefined): boolean {
    const { id: creativeId, sha256 } = creative
    const now = clock.now()
    if (proof !== undefined) {
      const state = checkImageLink(keyring, { creativeId, variant, sha256, expires: proof.expires }, proof.signature, now)
      if (state === 'expired') throw new ApiError('CHR_LINK_EXPIRED')
      return state === 'valid'
    }
    return viewerId !== undefined && isVisible(creative, { viewerId, isShared: schedule.isShared, now: new Date(now) })
  }

  /** The image of a listed creative is lost or changed only by a fault, so this logs an error. */
  function reportLost (creativeId: number, key: string): ApiError {
    log.error({ creativeId, key }, 'the image of a creative is missing or damaged')
    return new ApiError('CHR_NOT_FOUND')
  }

  return {
    async findImage (request) {
      const proof = findLinkProof(request.query)
      if (request.viewerId === undefined && proof === undefined) throw new ApiError('CHR_UNAUTHENTICATED')
      const creative = await findCreativeImage(db, request.creativeId)
      if (creative === undefined || !mayOpen(creative, request, proof)) throw new ApiError('CHR_NOT_FOUND')
      const { variant } = request
      if (creative.blobs === null) throw reportLost(creative.id, creative.key)
      const { byte_count: byteCount, sha256 } = creative.blobs[variant]
      return {
        creative,
        key: `${creative.key}.${variant}`,
        contentType: contentTypeOfVariant(variant, creative.content_type),
        byteCount,
        etag: `"${Buffer.from(sha256, 'hex').toString('base64url')}"`,
        linkExpires: proof?.expires
      }
    },

    async checkImage ({ creative, key, byteCount }) {
      if ((await blobs.head(key))?.byteCount !== byteCount) throw reportLost(creative.id, key)
    },

    async openImage ({ creative, key, byteCount }, range) {
      const opened = await blobs.open(key, range)
      const expected = range === undefined ? byteCount : range.end - range.start + 1
      if (opened?.byteCount !== expected) {
        opened?.stream.destroy()
        throw reportLost(creative.id, key)
      }
      // If the store fails before the first byte, the service can still send an error response.
      await once(opened.stream, 'readable')
      return opened.stream
    },

    linksTo ({ id: creativeId, sha256 }) {
      const expires = linkEnd(clock.now())
      const { original, preview, thumbnail } = signer.sign({ creativeId, sha256, expires })
      return { url: publicUrl + original, previewUrl: publicUrl + preview, thumbnailUrl: publicUrl + thumbnail, expires }
    }
  }
}
