import { crc32 } from 'node:zlib'
import { Cursor, type ByteSource } from './cursor.ts'
import { cleanExif } from './exif.ts'
import { checkSize, type Inspection, type Orientation } from './facts.ts'
import { readGammaColours, type GammaColours } from './gamma.ts'
import { readHdrColours, type HdrColours } from './hdr.ts'
import { interlacedBytes, sequentialBytes } from './memory.ts'
import { isAnimationType, PngAnimation, type AnimationType } from './png-animation.ts'
import type { RowsOfPixels } from './png-rows.ts'
import {
  channelCounts, checksumBytes, extendSum, headBytes, isColourType, isRead, readStart, uint32, type Chunk, type ColourType
} from './png-chunks.ts'
import { cleanProfile } from './png-profile.ts'
import { broken } from './image-error.ts'
import { DerivativePlan, type RemovedKind } from './derivative-plan.ts'

const signatureBytes = 8
/** Chunks that the pixels need for decoding and appearance. pHYs is the shape of a pixel. */
const needed = new Set([
  'IHDR', 'PLTE', 'tRNS', 'gAMA', 'cHRM', 'sRGB', 'iCCP', 'sBIT', 'bKGD', 'pHYs', 'cICP', 'mDCV', 'cLLI', 'IDAT', 'IEND'
])
const discarded = new Map<string, RemovedKind>([
  ['tEXt', 'text'], ['zTXt', 'text'], ['iTXt', 'text'], ['tIME', 'time'], ['eXIf', 'exif']
])

/** Keyword of a text chunk with XMP, which has no chunk type of its own. */
const xmpKeyword = 'XML:com.adobe.xmp\0'

/** Length of a `cHRM` chunk. */
const primariesBytes = 32
/** This is one byte more than the longest control chunk, so that a longer one is recognised. */
const animationHeadBytes = 27

/** Bytes of Exif that are read: writers put the directory with the orientation first. */
const exifBytes = 64 * 1024

const endChunk = Buffer.from('0000000049454e44ae426082', 'hex')

interface Header {
  width: number
  height: number
  colourType: ColourType
  bitDepth: number
  isInterlaced: boolean
}

interface PngWalk {
  cursor: Cursor
  plan: DerivativePlan
  header: Header | undefined
  orientation: Orientation | undefined
  isExifSettled: boolean
  animation: PngAnimation
  hdr: HdrColours | undefined
  /** Data of the chunks that state how values become light. */
  light: { gAMA?: Buffer, cHRM?: Buffer }
  /** Type of the previous chunk. */
  lastType: string
  /** Types of the retained chunks. */
  retainedTypes: Set<string>
  hasPixels: boolean
}

/**
 * Reads a PNG file chunk by chunk up to the end of its image, and verifies the checksums of what is retained.
 * @throws {ImageError}
 */
export async function inspectPng (source: ByteSource): Promise<Inspection> {
  const walk: PngWalk = {
    cursor: new Cursor(source, signatureBytes),
    plan: new DerivativePlan(),
    header: undefined,
    orientation: undefined,
    isExifSettled: false,
    animation: new PngAnimation(),
    hdr: undefined,
    light: {},
    lastType: '',
    retainedTypes: new Set(),
    hasPixels: false
  }
  const { cursor, plan } = walk
  plan.copy(0, signatureBytes)
  while (walk.lastType !== 'IEND') {
    if (walk.hasPixels && await isCut(cursor)) {
      plan.insert(endChunk)
      break
    }
    await readChunk(walk)
  }
  if (!cursor.isAtEnd) plan.removed.add('trailing_data')
  const { header, orientation = 1, animation, hdr } = walk
  if (header === undefined || !walk.hasPixels) throw broken('has no pixels')
  const { width, height } = header
  const decodeBytes = priceOf(header, walk.retainedTypes)
  const { frameCount, chunks } = animation
  return {
    facts: { contentType: 'image/png', width, height, frameCount: Math.max(1, frameCount), orientation, decodeBytes, hdr, gamma: findGamma(walk) },
    plan: chunks.length > 0 && frameCount === 0 ? plan.without(chunks, 'animation') : plan,
    compressedFrames: frameCount === 0 ? [] : animation.listCompressed(toRows(header))
  }
}

/** A chunk that names a colour space has precedence (PNG third edition, §4.3). */
function findGamma ({ light: { gAMA: gamma, cHRM: primaries }, retainedTypes }: PngWalk): GammaColours | undefined {
  const isNamed = ['cICP', 'iCCP', 'sRGB'].some((type) => retainedTypes.has(type))
  return gamma === undefined || isNamed ? undefined : readGammaColours(gamma, primaries)
}

function toRows ({ colourType, bitDepth, ...header }: Header): RowsOfPixels {
  return { ...header, bitsPerPixel: bitDepth * (colourType === 3 ? 1 : channelCounts[colourType]) }
}

/** True if the file ends within a chunk that holds no pixels, or before it. Browsers show such an image whole. */
async function isCut (cursor: Cursor): Promise<boolean> {
  const left = cursor.source.byteCount - cursor.position
  if (left < headBytes) return true
  const head = await cursor.source.read(cursor.position, headBytes)
  return head.toString('latin1', 4) !== 'IDAT' && headBytes + head.readUInt32BE(0) + checksumBytes > left
}

async function readChunk (walk: PngWalk): Promise<void> {
  const { cursor, plan } = walk
  plan.countPart()
  if (!cursor.has(headBytes)) await cursor.fill(headBytes)
  const start = cursor.position
  const length = cursor.uint32()
  const type = cursor.text(4)
  const chunk: Chunk = { type, start, end: start + headBytes + length + checksumBytes }
  if (chunk.end > cursor.source.byteCount) throw broken('ends before it is complete')
  checkOrder(walk, type, length)
  if (type === 'IHDR') walk.header = await readHeader(cursor)
  const isIntact = await checkSum(cursor, chunk)
  if (!isIntact && (isCritical(type) || isAnimationType(type))) throw broken('is damaged: one of its checksums is wrong')
  if (isIntact) await cleanChunk(walk, chunk)
  else plan.removed.add(discarded.get(type) ?? 'application_data')
  cursor.position = chunk.end
  walk.lastType = type
  walk.hasPixels ||= type === 'IDAT'
  walk.isExifSettled ||= walk.hasPixels
}

function checkOrder ({ header, lastType, hasPixels }: PngWalk, type: string, length: number): void {
  if ((header === undefined) !== (type === 'IHDR')) throw broken('does not begin with exactly one header')
  if (type === 'IHDR' && length !== 13) throw broken('has a header with a wrong length')
  if (type === 'IDAT' && hasPixels && lastType !== 'IDAT') throw broken('has another part between its pixels')
  if (type === 'IEND' && length !== 0) throw broken('has an end part that is not empty')
  if (isCritical(type) && !needed.has(type)) throw broken('needs a part that browsers do not support')
}

/** A capital letter marks a critical chunk: a decoder that does not know it cannot show the image. */
function isCritical (type: string): boolean {
  return /^[A-Z]/.test(type)
}

async function readHeader (cursor: Cursor): Promise<Header> {
  await cursor.need(13)
  const start = cursor.position
  const width = cursor.uint32()
  const height = cursor.uint32()
  checkSize(width, height)
  const bitDepth = cursor.byte()
  const colourType = cursor.byte()
  if (!isColourType(colourType)) throw broken(`has the unknown colour type ${colourType}`)
  cursor.skip(2)
  const isInterlaced = cursor.byte() !== 0
  cursor.position = start
  return { width, height, colourType, bitDepth, isInterlaced }
}

function priceOf ({ width, height, colourType, bitDepth, isInterlaced }: Header, retainedTypes: Set<string>): number {
  // Transparent colours add a channel.
  const channelCount = channelCounts[colourType] + (retainedTypes.has('tRNS') ? 1 : 0)
  if (isInterlaced) return interlacedBytes({ width, height, channelCount, bitDepth })
  return sequentialBytes(width, height, channelCount * (bitDepth === 16 ? 2 : 1))
}

/** Returns false if the checksum is wrong. Decoders ignore such a chunk unless it is critical. */
async function checkSum (cursor: Cursor, { type, end }: Chunk): Promise<boolean> {
  const sum = await extendSum(cursor, end - checksumBytes, crc32(type))
  await cursor.need(checksumBytes)
  return cursor.uint32() === sum
}

async function cleanChunk (walk: PngWalk, chunk: Chunk): Promise<void> {
  const { plan, cursor: { source } } = walk
  if (chunk.type === 'eXIf') return await replaceExif(walk, chunk)
  if (isAnimationType(chunk.type) && walk.header !== undefined) return await readAnimation(walk, chunk.type, { ...chunk, header: walk.header })
  if (isUseful(walk, chunk)) {
    walk.retainedTypes.add(chunk.type)
    if (chunk.type === 'cICP') walk.hdr = readHdrColours(await readStart(source, chunk, 4))
    else if (chunk.type === 'gAMA' || chunk.type === 'cHRM') walk.light[chunk.type] = await readStart(source, chunk, primariesBytes)
    return chunk.type === 'iCCP' ? await cleanProfile(source, plan, chunk) : plan.copy(chunk.start, chunk.end)
  }
  const isXmp = chunk.type === 'iTXt' && (await readStart(source, chunk, xmpKeyword.length)).toString('latin1') === xmpKeyword
  plan.removed.add(isXmp ? 'xmp' : discarded.get(chunk.type) ?? 'application_data')
}

async function readAnimation (walk: PngWalk, type: AnimationType, chunk: Chunk & { header: Header }): Promise<void> {
  const { plan, animation, hasPixels, cursor: { source } } = walk
  const data = { start: chunk.start + headBytes, end: chunk.end - checksumBytes }
  const head = await readStart(source, chunk, animationHeadBytes)
  plan.copy(chunk.start, chunk.end)
  animation.chunks.push({ start: chunk.start, end: chunk.end })
  animation.add(type, { data, head, header: toRows(chunk.header), hasPixels })
}

/** Decoders ignore a chunk about appearance that is repeated, that follows the pixels, or that has a wrong length. */
function isUseful ({ header, retainedTypes, hasPixels }: PngWalk, { type, start, end }: Chunk): boolean {
  if (isCritical(type)) return true
  const length = end - start - headBytes - checksumBytes
  return needed.has(type) && !hasPixels && !retainedTypes.has(type) && header !== undefined && isRead(type, length, header.colourType)
}

async function replaceExif (walk: PngWalk, chunk: Chunk): Promise<void> {
  const minimal = cleanExif(walk, await readStart(walk.cursor.source, chunk, exifBytes))
  if (minimal === undefined) return
  const typed = Buffer.concat([Buffer.from('eXIf'), minimal])
  walk.plan.insert(Buffer.concat([uint32(minimal.length), typed, uint32(crc32(typed))]))
}
