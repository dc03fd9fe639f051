import type { Cursor } from './cursor.ts'
import type { DerivativePlan, RemovedKind } from './derivative-plan.ts'
import { broken } from './image-error.ts'
import {
  copyChunk, headBytes, isImageChunk, isPadded, readChunk, readImageChunk, type Bitstream, type Chunk, type ImageChunks
} from './webp-chunks.ts'

/** Position, size and duration, three bytes each, and flags (RFC 9649, §2.7.1.1). */
const frameBytes = 16
/** Blending and disposal; the other bits are reserved. */
const frameFlags = 0x03

export interface Canvas { width: number, height: number }

export interface FrameWalk {
  cursor: Cursor
  plan: DerivativePlan
  canvas: Canvas
}

/** Kinds of metadata by the type of their chunk. */
export const metadataChunks = new Map<string, RemovedKind>([['EXIF', 'exif'], ['XMP ', 'xmp']])

/** Copies a frame, a chunk `ANMF`, and removes from it what is not its image. @throws {ImageError} */
export async function cleanFrame ({ cursor, plan, canvas }: FrameWalk, frame: Chunk): Promise<Bitstream> {
  if (frame.dataEnd - frame.dataStart < frameBytes) throw broken('has a frame that is too short')
  await cursor.need(frameBytes)
  const header = Buffer.from(cursor.rest().subarray(0, frameBytes))
  cursor.skip(frameBytes)
  const { chunks, bitstream, isClean } = await readParts({ cursor, plan }, frame)
  checkPosition(header, bitstream, canvas)
  const flags = header.readUInt8(frameBytes - 1)
  if (isClean && (flags & ~frameFlags) === 0 && await isPadded(cursor, frame)) {
    plan.copy(frame.start, frame.end)
    return bitstream
  }
  header.writeUInt8(flags & frameFlags, frameBytes - 1)
  const length = chunks.reduce((sum, { start, dataEnd }) => sum + dataEnd - start + (dataEnd - start) % 2, frameBytes)
  plan.insert(Buffer.concat([chunkHead('ANMF', length), header]))
  for (const chunk of chunks) await copyChunk(cursor, plan, chunk)
  return bitstream
}

/** Returns the chunks of the image; `isClean` if they fill the frame and their padding is there. */
async function readParts ({ cursor, plan }: Pick<FrameWalk, 'cursor' | 'plan'>, { dataEnd }: Chunk) {
  const image: ImageChunks = { hasAlphaPlane: false, bitstream: undefined }
  const chunks: Chunk[] = []
  let isClean = true
  while (cursor.position + headBytes <= dataEnd) {
    plan.countPart()
    const chunk = await readChunk(cursor, dataEnd)
    if (isImageChunk(chunk)) {
      await readImageChunk(image, cursor, chunk)
      chunks.push(chunk)
      isClean &&= await isPadded(cursor, chunk)
    } else {
      isClean = false
      plan.removed.add(metadataChunks.get(chunk.type) ?? 'application_data')
    }
    cursor.position = chunk.end
  }
  const { bitstream } = image
  if (bitstream === undefined) throw broken('has a frame without pixels')
  bitstream.hasAlpha ||= image.hasAlphaPlane
  return { chunks, bitstream, isClean: isClean && cursor.position === dataEnd }
}

/** Position is stored in units of two pixels, width and height less one. */
function checkPosition (header: Buffer, { width, height }: Bitstream, canvas: Canvas): void {
  if (header.readUIntLE(6, 3) + 1 !== width || header.readUIntLE(9, 3) + 1 !== height) {
    throw broken('has a frame of another size than its header')
  }
  const right = 2 * header.readUIntLE(0, 3) + width
  const bottom = 2 * header.readUIntLE(3, 3) + height
  if (right > canvas.width || bottom > canvas.height) throw broken('has a frame that exceeds its canvas')
}

export function chunkHead (type: string, length: number): Buffer {
  const head = Buffer.alloc(headBytes)
  head.write(type, 'latin1')
  head.writeUInt32LE(length, 4)
  return head
}
