import { maximumPixels, maximumPixelsText, maximumSide, type ImageType } from '../image.ts'
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
}

/** Result of reading the container of an image, without decoding a pixel. */
export interface Inspection {
  facts: ImageFacts
  plan: DerivativePlan
}

/** Each frame costs time and memory in addition to its pixels; ordinary animations have some hundreds. */
const maximumFrames = 10_000

/**
 * Checks the size in the header, so that a small file that claims a huge image costs nothing.
 * @throws {ImageError}
 */
export function checkSize (width: number, height: number, frameCount = 1): void {
  if (width === 0 || height === 0) throw broken('has no pixels: its width or height is zero')
  const size = `${width} x ${height} pixels${frameCount > 1 ? ' in many frames' : ''}`
  if (width > maximumSide || height > maximumSide) {
    throw new ImageError('too_large', `The image claims ${size}; a side may have at most ${maximumSide}. Send a smaller one.`)
  }
  if (frameCount > maximumFrames) {
    throw new ImageError('too_large', `The image has more than ${maximumFrames} frames. Send a shorter one.`)
  }
  if (width * height * frameCount > maximumPixels) {
    throw new ImageError(
      'too_large', `The image claims ${size}; it may have ${maximumPixelsText}, all frames of a GIF together. Send a smaller one.`
    )
  }
}
