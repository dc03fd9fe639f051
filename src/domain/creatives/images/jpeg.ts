import { Cursor, type ByteSource } from './cursor.ts'
import type { Inspection } from './facts.ts'
import { readHuffmanTables } from './jpeg-huffman.ts'
import { isRestart, nextMarker } from './jpeg-markers.ts'
import { isComplete, readFrame, readScan, type ScanWalk } from './jpeg-scans.ts'
import { createScanRepair } from './jpeg-repair.ts'
import { cleanApplicationSegment, correctTransforms, type MetadataWalk, type Segment } from './jpeg-segments.ts'
import { sequentialJpegBytes, wholeBytes } from './memory.ts'
import { broken, ImageError } from './image-error.ts'
import { DerivativePlan } from './derivative-plan.ts'

/** ITU-T T.81, table B.1. */
const marker = {
  temporary: 0x01,
  huffman: 0xc4,
  arithmetic: 0xcc,
  start: 0xd8,
  end: 0xd9,
  scan: 0xda,
  quantization: 0xdb,
  lineCount: 0xdc,
  restartInterval: 0xdd,
  application: 0xe0,
  comment: 0xfe
}
const endMarker = Buffer.from([0xff, marker.end])
const tables = new Set([marker.huffman, marker.arithmetic, marker.quantization, marker.restartInterval])

/** State while the segments of a file are read. */
type JpegWalk = MetadataWalk & ScanWalk

/**
 * Reads a JPEG file from marker to marker up to the end of its image.
 * @throws {ImageError}
 */
export async function inspectJpeg (source: ByteSource): Promise<Inspection> {
  const walk: JpegWalk = {
    cursor: new Cursor(source),
    plan: new DerivativePlan(),
    orientation: undefined,
    isExifSettled: false,
    hasJfif: false,
    transforms: [],
    frame: undefined,
    scanCount: 0,
    scans: [],
    huffmanTables: new Map(),
    restartInterval: 0,
    hasSeparateScans: false
  }
  const { cursor, plan } = walk
  cursor.skip(2)
  plan.copy(0, 2)
  await readSegments(walk)
  if (walk.scanCount > 0 && !isComplete(walk)) throw broken('ends before it is complete')
  plan.insert(endMarker)
  if (!cursor.isAtEnd) plan.removed.add('trailing_data')
  return { facts: toFacts(walk), plan, repair: createScanRepair(plan, walk.scans) }
}

/**
 * Reads up to the end marker. Damage behind the last pixels, such as a missing end marker, ends the image too: browsers show it whole.
 * @throws {ImageError}
 */
async function readSegments (walk: JpegWalk): Promise<void> {
  try {
    for (let code = await nextMarker(walk); code !== marker.end; code = await nextMarker(walk)) await readSegment(walk, code)
  } catch (error) {
    if (!(error instanceof ImageError) || !isComplete(walk)) throw error
  }
}

async function readSegment (walk: JpegWalk, code: number): Promise<void> {
  const { cursor, plan } = walk
  const start = cursor.position - 2
  plan.countPart()
  if (code === marker.start) throw broken('has a part in a forbidden position')
  // These markers have no length and no meaning here.
  if (code === marker.temporary || isRestart(code)) return
  if (!cursor.has(2)) await cursor.fill(2)
  const length = cursor.uint16()
  // Decoders take metadata that is shorter than its own length field as empty.
  if (length < 2 && !isMetadata(code)) throw broken('has a part that is shorter than its own length field')
  const segment: Segment = { code, start, end: start + 2 + Math.max(2, length) }
  if (segment.end > cursor.source.byteCount) throw broken('ends before it is complete')
  if (code === marker.scan) {
    walk.isExifSettled = true
    return await readScan(walk, segment)
  }
  if (isFrame(code)) await readFrame(walk, segment)
  if (code === marker.huffman) readHuffmanTables(await readContent(walk, segment), walk.huffmanTables)
  if (code === marker.restartInterval && length === 4) walk.restartInterval = (await readContent(walk, segment)).readUInt16BE(0)
  if (isFrame(code) || tables.has(code)) plan.copy(start, segment.end)
  else if (isMetadata(code)) await cleanApplicationSegment(walk, segment)
  else throw broken('has an unknown part')
  cursor.position = segment.end
}

async function readContent ({ cursor }: JpegWalk, { end }: Segment): Promise<Buffer> {
  await cursor.need(end - cursor.position)
  return cursor.rest().subarray(0, end - cursor.position)
}

/** Returns whether a segment is metadata. Decoders ignore the number of lines that is repeated after the pixels, so it is included. */
function isMetadata (code: number): boolean {
  return (code & 0xf0) === marker.application || code === marker.comment || code === marker.lineCount
}

/** True for C0 to CF except the tables and the extension. */
function isFrame (code: number): boolean {
  return (code & 0xf0) === 0xc0 && code !== marker.huffman && code !== 0xc8 && code !== marker.arithmetic
}

function toFacts ({ frame, orientation = 1, scanCount, hasSeparateScans, transforms }: JpegWalk): Inspection['facts'] {
  if (frame === undefined || scanCount === 0) throw broken('has no pixels')
  correctTransforms(transforms, frame.components.length)
  const { width, height, isProgressive, coefficientBytes } = frame
  const decodeBytes = isProgressive || hasSeparateScans ? wholeBytes(coefficientBytes) : sequentialJpegBytes
  return { contentType: 'image/jpeg', width, height, frameCount: 1, orientation, decodeBytes }
}
