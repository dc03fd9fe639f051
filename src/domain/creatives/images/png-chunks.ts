import { crc32 } from 'node:zlib'
import type { ByteSource, Cursor } from './cursor.ts'

/** A chunk has length and type before its data, and a checksum after it. */
export const headBytes = 8
export const checksumBytes = 4

export interface Chunk {
  type: string
  /** Start and exclusive end of the whole chunk. */
  start: number
  end: number
}

/** Colour type in a PNG header. */
export type ColourType = 0 | 2 | 3 | 4 | 6

/** Samples per decoded pixel: a palette becomes colours. */
export const channelCounts: Record<ColourType, number> = { 0: 1, 2: 3, 3: 3, 4: 2, 6: 4 }

export function isColourType (code: number): code is ColourType {
  return code in channelCounts
}

type Lengths = number | Partial<Record<ColourType, number>>

/**
 * Data lengths of the small chunks that describe the appearance of pixels (PNG third edition, §11.3); a palette has up to 256
 * alpha values. Decoders ignore a chunk of another length, so anything could be hidden in it.
 */
const lengths = new Map<string, Lengths>([
  ['gAMA', 4], ['cHRM', 32], ['sRGB', 1], ['pHYs', 9], ['cICP', 4], ['mDCV', 24], ['cLLI', 8],
  ['sBIT', { 0: 1, 2: 3, 3: 3, 4: 2, 6: 4 }], ['bKGD', { 0: 2, 2: 6, 3: 1, 4: 2, 6: 6 }], ['tRNS', { 0: 2, 2: 6 }]
])

/** True if decoders read a chunk of this type with this data length. */
export function isRead (type: string, length: number, colourType: ColourType): boolean {
  if (type === 'tRNS' && colourType === 3) return length >= 1 && length <= 256
  const expected = lengths.get(type)
  return expected === undefined || length === (typeof expected === 'number' ? expected : expected[colourType])
}

/** Moves the cursor to `end` and adds the bytes on the way to a checksum. */
export async function extendSum (cursor: Cursor, end: number, sum: number): Promise<number> {
  while (cursor.position < end) {
    await cursor.needMuch(1, end)
    const bytes = cursor.rest().subarray(0, end - cursor.position)
    sum = crc32(bytes, sum)
    cursor.position += bytes.length
  }
  return sum
}

/** Reads at most this many bytes of the data of a chunk. */
export async function readStart (source: ByteSource, { start, end }: Chunk, length: number): Promise<Buffer> {
  return await source.read(start + headBytes, Math.max(0, Math.min(length, end - checksumBytes - start - headBytes)))
}

export function uint32 (value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
