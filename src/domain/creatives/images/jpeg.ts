import { Cursor, type ByteSource } from './cursor.ts'
import { checkSize, type Inspection } from './facts.ts'
import { cleanApplicationSegment, type MetadataWalk, type Segment } from './jpeg-segments.ts'
import { sequentialJpegBytes, wholeBytes } from './memory.ts'
import { broken } from './image-error.ts'
import { DerivativePlan } from './derivative-plan.ts'

/** ITU-T T.81, table B.1. */
const marker = {
  temporary: 0x01,
  huffman: 0xc4,
  arithmetic: 0xcc,
  restart: 0xd0,
  start: 0xd8,
  end: 0xd9,
  scan: 0xda,
  quantization: 0xdb,
  lineCount: 0xdc,
  restartInterval: 0xdd,
  application: 0xe0,
  comment: 0xfe
}
const tables = new Set([marker.huffman, marker.arithmetic, marker.quantization, marker.restartInterval])

/** Encoders write about ten; for each scan the decoder processes all coefficients again. */
const maximumScans = 100

interface Frame {
  width: number
  height: number
  componentCount: number
  isProgressive: boolean
  coefficientBytes: number
}

/** State while the segments of a file are read. */
interface JpegWalk extends MetadataWalk {
  frame: Frame | undefined
  scanCount: number
  hasSeparateScans: boolean
}

/**
 * Reads a JPEG file from marker to marker up to the end of its image.
 * @throws {ImageError}
 */
export async function inspectJpeg (source: ByteSource): Promise<Inspection> {
  const walk: JpegWalk = {
    cursor: new Cursor(source),
    plan: new DerivativePlan(),
    orientation: undefined,
    hasJfif: false,
    frame: undefined,
    scanCount: 0,
    hasSeparateScans: false
  }
  const { cursor, plan } = walk
  cursor.skip(2)
  plan.copy(0, 2)
  for (let code = await nextMarker(cursor); code !== marker.end; code = await nextMarker(cursor)) await readSegment(walk, code)
  plan.copy(cursor.position - 2, cursor.position)
  if (!cursor.isAtEnd) plan.removed.add('trailing_data')
  return { facts: toFacts(walk), plan }
}

/** Reads the next marker; any number of 0xFF may precede its code. */
async function nextMarker (cursor: Cursor): Promise<number> {
  await cursor.need(2)
  if (cursor.byte() !== 0xff) throw broken('has stray bytes between its parts')
  let code = cursor.byte()
  while (code === 0xff) {
    if (!cursor.has(1)) await cursor.fill(1)
    code = cursor.byte()
  }
  return code
}

async function readSegment (walk: JpegWalk, code: number): Promise<void> {
  const { cursor, plan } = walk
  const start = cursor.position - 2
  plan.countPart()
  if (code === marker.start || code === 0) throw broken('has a part in a forbidden position')
  // These markers have no length and no meaning here.
  if (code === marker.temporary || isRestart(code)) return
  if (!cursor.has(2)) await cursor.fill(2)
  const length = cursor.uint16()
  if (length < 2) throw broken('has a part that is shorter than its own length field')
  const segment: Segment = { code, start, end: start + 2 + length }
  if (segment.end > cursor.source.byteCount) throw broken('ends before it is complete')
  if (code === marker.scan) return await readScan(walk, segment)
  if (isFrame(code)) await readFrame(walk, segment)
  if (isFrame(code) || tables.has(code)) plan.copy(start, segment.end)
  else if (isMetadata(code)) await cleanApplicationSegment(walk, segment)
  else throw broken('has an unknown part')
  cursor.position = segment.end
}

function isRestart (code: number): boolean {
  return (code & 0xf8) === marker.restart
}

/** Returns whether a segment is metadata. Decoders ignore the number of lines that is repeated after the pixels, so it is included. */
function isMetadata (code: number): boolean {
  return (code & 0xf0) === marker.application || code === marker.comment || code === marker.lineCount
}

/** True for C0 to CF except the tables and the extension. */
function isFrame (code: number): boolean {
  return (code & 0xf0) === 0xc0 && code !== marker.huffman && code !== 0xc8 && code !== marker.arithmetic
}

async function readFrame (walk: JpegWalk, { code, start, end }: Segment): Promise<void> {
  const { cursor } = walk
  await cursor.need(end - cursor.position)
  if (walk.frame !== undefined || end - start < 10) throw broken('has two headers, or a header that is too short')
  cursor.skip(1)
  const height = cursor.uint16()
  const width = cursor.uint16()
  checkSize(width, height)
  const componentCount = cursor.byte()
  if (end - start !== 10 + 3 * componentCount) throw broken('has a header with a wrong length')
  const samples = Array.from({ length: componentCount }, () => {
    cursor.skip(1)
    const factors = cursor.byte()
    cursor.skip(1)
    return { across: factors >> 4, down: factors & 15 }
  })
  const widest = Math.max(...samples.map(({ across }) => across))
  const highest = Math.max(...samples.map(({ down }) => down))
  const pixelSamples = samples.reduce((sum, { across, down }) => sum + across * down, 0) / (widest * highest)
  // Each sample has a coefficient of two bytes.
  const coefficientBytes = width * height * pixelSamples * 2
  walk.frame = { width, height, componentCount, isProgressive: [2, 6, 10, 14].includes(code & 15), coefficientBytes }
}

async function readScan (walk: JpegWalk, { start, end }: Segment): Promise<void> {
  const { cursor, plan, frame } = walk
  if (frame === undefined) throw broken('has no header before its pixels')
  await cursor.need(1)
  if (cursor.byte() < frame.componentCount) walk.hasSeparateScans = true
  if (++walk.scanCount > maximumScans) throw broken('has more scans than any camera or program writes')
  cursor.position = end
  await skipEntropyCodedData(cursor)
  plan.copy(start, cursor.position)
}

/** Moves to the next marker that is not a restart. */
async function skipEntropyCodedData (cursor: Cursor): Promise<void> {
  for (;;) {
    await cursor.needMuch(2, cursor.source.byteCount)
    const bytes = cursor.rest()
    const at = findMarker(bytes)
    if (at !== undefined) return cursor.skip(at)
    // The last byte of the window may be the first half of a marker.
    cursor.skip(bytes.length - 1)
  }
}

function findMarker (bytes: Buffer): number | undefined {
  for (let at = bytes.indexOf(0xff); at !== -1 && at < bytes.length - 1; at = bytes.indexOf(0xff, at + 1)) {
    const code = bytes.readUInt8(at + 1)
    if (code !== 0 && code !== 0xff && !isRestart(code)) return at
  }
  return undefined
}

function toFacts ({ frame, orientation = 1, scanCount, hasSeparateScans }: JpegWalk): Inspection['facts'] {
  if (frame === undefined || scanCount === 0) throw broken('has no pixels')
  const { width, height, isProgressive, coefficientBytes } = frame
  const decodeBytes = isProgressive || hasSeparateScans ? wholeBytes(coefficientBytes) : sequentialJpegBytes
  return { contentType: 'image/jpeg', width, height, frameCount: 1, orientation, decodeBytes }
}
