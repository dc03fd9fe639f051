import { maximumPixels, maximumSide, type ImageType } from '../image.ts'
import { broken, ImageProblem } from './problem.ts'
import type { Recipe } from './derivative-plan.ts'

/** The eight ways in which Exif says that stored rows and columns lie; 1 is upright. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8

export interface ImageFacts {
  contentType: ImageType
  /** As stored: before the orientation is applied. */
  width: number
  height: number
  frameCount: number
  orientation: Orientation
  /** What decoding it takes at most, in bytes of memory. */
  decodeBytes: number
}

/** What reading the container of an image tells, without decoding a pixel. */
export interface Inspection {
  facts: ImageFacts
  recipe: Recipe
}

/** Each frame costs time and memory beside its pixels; animations of people have some hundreds. */
const maximumFrames = 10_000

/** From the header alone, so that a small file that claims a huge image costs nothing. */
export function checkSize (width: number, height: number, frameCount = 1): void {
  if (width === 0 || height === 0) throw broken('has no pixels: its width or height is zero')
  const size = `${width} x ${height} pixels${frameCount > 1 ? ' in many frames' : ''}`
  if (width > maximumSide || height > maximumSide) {
    throw new ImageProblem('too_large', `The image claims ${size}; a side may have ${maximumSide}. Send a smaller one.`)
  }
  if (frameCount > maximumFrames) {
    throw new ImageProblem('too_large', `The image has more than ${maximumFrames} frames. Send a shorter one.`)
  }
  if (width * height * frameCount > maximumPixels) {
    throw new ImageProblem('too_large', `The image claims ${size}; it may have 40 million, all frames of a GIF together. Send a smaller one.`)
  }
}
