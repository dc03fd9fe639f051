import { maximumSide, type ImageType } from '../image.ts'
import type { GammaColours } from './gamma.ts'
import type { HdrColours } from './hdr.ts'
import type { CompressedFrame } from './png-rows.ts'
import { broken, ImageError } from './image-error.ts'
import type { DerivativePlan } from './derivative-plan.ts'

/** The eight orientations of Exif; 1 is upright. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8

export interface ImageFacts {
  contentType: ImageType
  /** Stored size in pixels, before the orientation is applied. */
  width: number
  height: number
  frameCount: number
  orientation: Orientation
  /** Most memory that decoding needs, in bytes. */
  decodeBytes: number
  /** Colours of an HDR image, which the decoder returns as they are stored. */
  hdr?: HdrColours | undefined
  /** Colours that the decoder returns as they are stored too; absent if they are those of sRGB or a profile describes them. */
  gamma?: GammaColours | undefined
}

/** Result of reading the container of an image, without decoding a pixel. */
export interface Inspection {
  facts: ImageFacts
  plan: DerivativePlan
  repair?: Repair | undefined
  /** Frames that the image decoder does not read. */
  compressedFrames?: CompressedFrame[]
}

/**
 * Mends what only a decoder can find: it takes the decoder's report about the clean image, and returns a better plan, or `undefined` if
 * the image is really damaged. It is called again with the report about its own result.
 */
export type Repair = (report: string) => DerivativePlan | undefined

/** Each frame costs time in addition to its pixels; ordinary animations have some hundreds. */
const maximumFrames = 10_000

/**
 * Most pixels of all frames together. They are decoded one after the other and cost time, not memory: about 200 million take a second
 * of one processor. The limit allows 36 s of 1280 x 720 pixels with 60 frames a second.
 */
const maximumFramePixels = 2_000_000_000

/**
 * Checks the size in the header, so that nothing behind it is read in vain.
 * @throws {ImageError}
 */
export function checkSize (width: number, height: number): void {
  if (width === 0 || height === 0) throw broken('has no pixels: its width or height is zero')
  if (width > maximumSide || height > maximumSide) {
    throw new ImageError(
      'too_large', `The image claims ${width} x ${height} pixels; a side may have at most ${maximumSide}. Send a smaller one.`
    )
  }
}

/**
 * Limits the time for decoding an animation. Call it for each frame.
 * @throws {ImageError}
 */
export function checkFrames (width: number, height: number, frameCount: number): void {
  if (frameCount > maximumFrames) {
    throw new ImageError('too_large', `The image has more than ${maximumFrames} frames. Send a shorter one.`)
  }
  if (width * height * frameCount > maximumFramePixels) {
    throw new ImageError(
      'too_large', `The image has more than ${maximumFramePixels / 1_000_000} million pixels in all its frames of ${width} x ${height}. ` +
        'Send a shorter or smaller one.'
    )
  }
}

const bytesPerMebibyte = 1024 * 1024

/**
 * Refuses an image that needs more memory than all decoding together may use.
 * @throws {ImageError}
 */
export function checkMemory ({ width, height, decodeBytes }: ImageFacts, memoryBytes: number): void {
  if (decodeBytes <= memoryBytes) return
  const [needed, allowed] = [decodeBytes, memoryBytes].map((bytes) => Math.ceil(bytes / bytesPerMebibyte))
  throw new ImageError(
    'too_large', `The image has ${width} x ${height} pixels and would take ${needed} MiB of memory to decode; ${allowed} MiB are allowed. ` +
      'Send a smaller one, or save it neither progressive nor interlaced.'
  )
}
