import { Cursor, type ByteSource } from './cursor.ts'
import { broken } from './image-error.ts'

/** Types of open bitstream units (AV1 bitstream specification, §6.2.2). */
const unit = { sequenceHeader: 1, frameHeader: 3, frame: 6, tileList: 8 }
/** An image has one frame, or one for each of up to four layers of quality. Each further frame would cost a whole decoding. */
const maximumFrames = 4
const maximumUnits = 10_000
/** Header, extension, and a length of up to eight bytes. */
const unitHeadBytes = 10
/** Up to the size of the frames: 32 operating points of 22 bits and two sides. */
const sequenceBytes = 128

/** Reads the size of a coded image, and checks that it is not a film. @throws {ImageError} */
export async function readAv1Size (source: ByteSource): Promise<{ width: number, height: number }> {
  const cursor = new Cursor(source)
  let size: { width: number, height: number } | undefined
  let frameCount = 0
  for (let unitCount = 0; !cursor.isAtEnd; unitCount++) {
    const { type, end } = await readUnit(cursor)
    if (type === unit.sequenceHeader) {
      if (size !== undefined) throw broken('has two headers of its pixels')
      await cursor.need(Math.min(sequenceBytes, end - cursor.position))
      size = readSequenceHeader(cursor.rest().subarray(0, end - cursor.position))
    }
    if (type === unit.frame || type === unit.frameHeader) frameCount++
    const isFilm = type === unit.tileList || frameCount > maximumFrames || unitCount > maximumUnits
    if (isFilm) throw broken('holds a film in the place of an image')
    cursor.position = end
  }
  if (size === undefined || frameCount === 0) throw broken('has no pixels')
  return size
}

async function readUnit (cursor: Cursor): Promise<{ type: number, end: number }> {
  const { byteCount } = cursor.source
  const headBytes = Math.min(unitHeadBytes, byteCount - cursor.position)
  if (!cursor.has(headBytes)) await cursor.fill(headBytes)
  const head = cursor.rest().subarray(0, headBytes)
  const flags = head.readUInt8(0)
  let at = (flags & 4) === 0 ? 1 : 2
  let length = byteCount - cursor.position - at
  if ((flags & 2) !== 0) {
    // Seven bits in each byte, the lowest first; the highest bit tells that another byte follows.
    length = 0
    for (let shift = 1, byte = 0x80; byte >= 0x80; shift *= 128) {
      byte = head[at++] ?? 0
      length += (byte & 0x7f) * shift
    }
  }
  const end = cursor.position + at + length
  if (flags >= 0x80 || end > byteCount) throw broken('has a wrong length within its pixels')
  cursor.position += at
  return { type: (flags >> 3) & 15, end }
}

/** AV1 bitstream specification, §5.5.1. */
function readSequenceHeader (bytes: Buffer): { width: number, height: number } {
  let position = 0
  const read = (count: number): number => {
    let value = 0
    if (position + count > bytes.length * 8) throw broken('has a header of its pixels that is too short')
    for (let left = count; left > 0; left--, position++) value = value * 2 + ((bytes.readUInt8(position >> 3) >> (7 - position % 8)) & 1)
    return value
  }
  read(4)
  const isReduced = read(1) === 1
  if (isReduced) read(5)
  else readOperatingPoints(read)
  const widthBits = read(4) + 1
  const heightBits = read(4) + 1
  return { width: read(widthBits) + 1, height: read(heightBits) + 1 }
}

function readOperatingPoints (read: (count: number) => number): void {
  if (read(1) === 1) throw broken('holds a film in the place of an image')
  const hasDelays = read(1) === 1
  for (let left = read(5) + 1; left > 0; left--) {
    read(12)
    const level = read(5)
    if (level > 7) read(1)
    if (hasDelays && read(1) === 1) read(4)
  }
}
