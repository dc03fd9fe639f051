import type { Span } from './derivative-plan.ts'
import { checkFrames } from './facts.ts'
import type { CompressedFrame, RowsOfPixels } from './png-rows.ts'

/** PNG third edition, §11.3.6. */
const controlBytes = 26
const sequenceBytes = 4

export type AnimationType = 'acTL' | 'fcTL' | 'fdAT'

interface AnimationChunk {
  /** Position of the data in the file. */
  data: Span
  /** The first bytes of the data. */
  head: Buffer
  header: RowsOfPixels
  /** True if the still image precedes the chunk. */
  hasPixels: boolean
}

interface AnimationFrame {
  width: number
  height: number
  /** Compressed pixels; none for a frame that is the still image. */
  data: Span[]
  isStill: boolean
}

export function isAnimationType (type: string): type is AnimationType {
  return type === 'acTL' || type === 'fcTL' || type === 'fdAT'
}

/** Reads the animation of a PNG. If it breaks a rule, browsers show the still image, and so does the clean copy. */
export class PngAnimation {
  /** All chunks of the animation. */
  readonly chunks: Span[] = []
  readonly #frames: AnimationFrame[] = []
  #frameTotal = 0
  #nextSequence = 0
  #isBroken = false

  /** @throws {ImageError} if the frames would take too long to decode */
  add (type: AnimationType, chunk: AnimationChunk): void {
    this.#isBroken ||= !this.#accept(type, chunk)
  }

  /** Number of frames; 0 if there is no animation, or an invalid one. */
  get frameCount (): number {
    const isComplete = this.#frames.every(({ data, isStill }) => isStill || data.length > 0)
    return !this.#isBroken && isComplete && this.#frames.length === this.#frameTotal ? this.#frameTotal : 0
  }

  /** Returns the frames other than the still image, which the image decoder does not read. */
  listCompressed (header: RowsOfPixels): CompressedFrame[] {
    return this.#frames.filter(({ isStill }) => !isStill).map(({ width, height, data }) => ({ data, rows: { ...header, width, height } }))
  }

  #accept (type: AnimationType, chunk: AnimationChunk): boolean {
    if (type === 'acTL') return this.#addTotal(chunk)
    return this.#takeSequence(chunk.head) && (type === 'fcTL' ? this.#addFrame(chunk) : this.#addData(chunk.data))
  }

  #addTotal ({ head, hasPixels }: AnimationChunk): boolean {
    if (head.length !== 8 || hasPixels || this.#frameTotal > 0) return false
    this.#frameTotal = head.readUInt32BE(0)
    return this.#frameTotal > 0
  }

  #takeSequence (head: Buffer): boolean {
    return head.length >= sequenceBytes && head.readUInt32BE(0) === this.#nextSequence++
  }

  #addFrame ({ head, header, hasPixels }: AnimationChunk): boolean {
    if (head.length !== controlBytes) return false
    const [width, height, left, top] = [4, 8, 12, 16].map((at) => head.readUInt32BE(at)) as [number, number, number, number]
    this.#frames.push({ width, height, data: [], isStill: !hasPixels })
    checkFrames(header.width, header.height, this.#frames.length)
    const isInside = width > 0 && height > 0 && left + width <= header.width && top + height <= header.height
    const isWhole = width === header.width && height === header.height
    // Disposal and blending have three and two values.
    return isInside && (hasPixels || (isWhole && this.#frames.length === 1)) && head.readUInt8(24) < 3 && head.readUInt8(25) < 2
  }

  #addData ({ start, end }: Span): boolean {
    const frame = this.#frames.at(-1)
    if (frame === undefined || frame.isStill) return false
    frame.data.push({ start: start + sequenceBytes, end })
    return true
  }
}
