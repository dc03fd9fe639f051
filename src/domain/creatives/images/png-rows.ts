import type { Span } from './derivative-plan.ts'
import { broken } from './image-error.ts'

/** Size of an image or a frame, and how its pixels are stored. */
export interface RowsOfPixels {
  width: number
  height: number
  bitsPerPixel: number
  isInterlaced: boolean
}

/** A frame that is compressed by itself. */
export interface CompressedFrame {
  data: Span[]
  rows: RowsOfPixels
}

/** Adam7 (PNG third edition, §8): first column and row of each pass, and the distances between its columns and rows. */
const passes = [[0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2]] as const
const wholePass = [[0, 0, 1, 1]] as const
/** Each row begins with the number of its filter. */
const filterCount = 5

/**
 * Checks that decompressed pixels have exactly the rows of the image, each with a known filter.
 * @throws {ImageError}
 */
export async function countRows (inflated: AsyncIterable<Buffer>, rows: RowsOfPixels): Promise<void> {
  const lengths = rowLengths(rows)
  let left = 0
  for await (const bytes of inflated) {
    for (let at = 0; at < bytes.length;) {
      if (left === 0) {
        const { value: length } = lengths.next()
        if (length === undefined || bytes.readUInt8(at) >= filterCount) throw broken('has a frame with wrong rows')
        left = length
      }
      const step = Math.min(left, bytes.length - at)
      left -= step
      at += step
    }
  }
  if (left > 0 || lengths.next().done !== true) throw broken('has a frame that ends before it is complete')
}

/** Yields the bytes of each row, its filter included. */
function * rowLengths ({ width, height, bitsPerPixel, isInterlaced }: RowsOfPixels): Generator<number, undefined> {
  for (const [left, top, across, down] of isInterlaced ? passes : wholePass) {
    const pixels = Math.max(0, Math.ceil((width - left) / across))
    if (pixels === 0) continue
    for (let row = top; row < height; row += down) yield 1 + Math.ceil(pixels * bitsPerPixel / 8)
  }
}
