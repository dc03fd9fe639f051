import type { Cursor } from './cursor.ts'
import type { DerivativePlan } from './derivative-plan.ts'
import { broken } from './image-error.ts'

/** A chunk has type and data length before its data, and one byte of padding after data of an odd length. */
export const headBytes = 8

/** A chunk of a WebP file (RFC 9649, §2.3). `end` is exclusive and includes the padding. */
export interface Chunk {
  type: string
  start: number
  dataStart: number
  dataEnd: number
  end: number
}

/**
 * Reads the head of the next chunk.
 * @throws {ImageError} if its data does not end before `limit`, the end of the file or frame
 */
export async function readChunk (cursor: Cursor, limit: number): Promise<Chunk> {
  if (!cursor.has(headBytes)) await cursor.fill(headBytes)
  const start = cursor.position
  const length = cursor.rest().readUInt32LE(4)
  const type = cursor.text(4)
  const dataStart = start + headBytes
  const dataEnd = dataStart + length
  if (dataEnd > Math.min(limit, cursor.source.byteCount)) throw broken('ends before it is complete')
  cursor.position = dataStart
  return { type, start, dataStart, dataEnd, end: dataEnd + length % 2 }
}

/** Copies a chunk. The padding becomes zero, also where the writer left it out. */
export async function copyChunk (cursor: Cursor, plan: DerivativePlan, { start, dataEnd, end }: Chunk): Promise<void> {
  if (await isPadded(cursor, { dataEnd, end })) return plan.copy(start, end)
  plan.copy(start, dataEnd)
  plan.insert(Buffer.alloc(1))
}

/** True if no padding is missing, and it is zero. */
export async function isPadded (cursor: Cursor, { dataEnd, end }: Pick<Chunk, 'dataEnd' | 'end'>): Promise<boolean> {
  if (end === dataEnd) return true
  cursor.position = dataEnd
  if (cursor.isAtEnd) return false
  await cursor.need(1)
  return cursor.byte() === 0
}

export interface Bitstream {
  width: number
  height: number
  isLossless: boolean
  /** True if the lossless format has alpha; the lossy one has a plane of its own for it. */
  hasAlpha: boolean
}

/** Reads the size from the header of a still image or of a frame, a chunk `VP8 ` or `VP8L`. @throws {ImageError} */
export async function readBitstream (cursor: Cursor, { type, dataStart, dataEnd }: Chunk): Promise<Bitstream> {
  const isLossless = type === 'VP8L'
  const headerBytes = isLossless ? 5 : 10
  const length = dataEnd - dataStart
  if (length <= headerBytes) throw broken('has an image that is too short')
  await cursor.need(headerBytes)
  const header = cursor.rest()
  return isLossless ? readLossless(header) : readLossy(header, length)
}

/** RFC 6386, §9.1: a visible key frame of a known profile, whose first partition lies within the chunk. */
function readLossy (header: Buffer, length: number): Bitstream {
  const tag = header.readUIntLE(0, 3)
  const isKeyFrame = (tag & 1) === 0
  const profile = (tag >> 1) & 7
  const isShown = ((tag >> 4) & 1) === 1
  const isComplete = tag >> 5 < length
  const isValid = isKeyFrame && profile <= 3 && isShown && isComplete && header.readUIntBE(3, 3) === 0x9d012a
  if (!isValid) throw broken('has an image with a wrong header')
  // The two highest bits of each side are a hint for scaling, which no decoder of images follows.
  return { width: header.readUInt16LE(6) & 0x3fff, height: header.readUInt16LE(8) & 0x3fff, isLossless: false, hasAlpha: false }
}

/** RFC 9649, §3.4: a signature, two sides of 14 bits less one, whether alpha is used, and the version, which is 0. */
function readLossless (header: Buffer): Bitstream {
  const bits = header.readUInt32LE(1)
  if (header[0] !== 0x2f || bits >>> 29 !== 0) throw broken('has an image with a wrong header')
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1, isLossless: true, hasAlpha: ((bits >>> 28) & 1) === 1 }
}

/** The chunks of a still image or of a frame: a plane of alpha if it has one, then the colours. */
export interface ImageChunks {
  hasAlphaPlane: boolean
  bitstream: Bitstream | undefined
}

export function isImageChunk ({ type }: Chunk): boolean {
  return type === 'VP8 ' || type === 'VP8L' || type === 'ALPH'
}

/** Reads one of the chunks of an image. @throws {ImageError} if it is repeated or in the wrong order */
export async function readImageChunk (image: ImageChunks, cursor: Cursor, chunk: Chunk): Promise<void> {
  const isFirst = image.bitstream === undefined && !image.hasAlphaPlane
  if (chunk.type === 'ALPH') {
    if (!isFirst) throw broken('has a part in a forbidden position')
    image.hasAlphaPlane = true
    return
  }
  // The lossless format has its own alpha.
  if (!isFirst && (image.bitstream !== undefined || chunk.type === 'VP8L')) throw broken('has a part in a forbidden position')
  image.bitstream = await readBitstream(cursor, chunk)
}
