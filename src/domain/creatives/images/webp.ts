import { Cursor, type ByteSource } from './cursor.ts'
import { DerivativePlan } from './derivative-plan.ts'
import { recordExif } from './exif.ts'
import { checkFrames, checkSize, type Inspection } from './facts.ts'
import { isProfile, profileHeadBytes } from './icc.ts'
import { broken } from './image-error.ts'
import { webpBytes } from './memory.ts'
import { copyChunk, headBytes, isImageChunk, readChunk, readImageChunk, type Chunk, type ImageChunks } from './webp-chunks.ts'
import { chunkHead, cleanFrame, metadataChunks, type Canvas } from './webp-frames.ts'

/** Flags of the extended header (RFC 9649, §2.7). Those of EXIF and XMP are not copied. */
const flag = { animation: 0x02, alpha: 0x10, profile: 0x20 }
/** `RIFF`, the length of what follows, and `WEBP`. */
const riffBytes = 12
const extendedBytes = 10
/** Background colour and number of repetitions. */
const animationBytes = 6
/** Bytes of Exif that are read: writers put its directories first. */
const exifBytes = 64 * 1024

/** The extended header: the first chunk of a file that consists of more than one image. */
interface Extended {
  canvas: Canvas
  flags: number
  isAnimated: boolean
  /** Its chunk in the clean image, whose flags are written at the end. */
  copy: Buffer
}

interface WebpWalk {
  cursor: Cursor
  plan: DerivativePlan
  extended: Extended | undefined
  /** The image of a file without frames. */
  still: ImageChunks
  hasProfile: boolean
  hasAnimation: boolean
  hasAlpha: boolean
  hasLossless: boolean
  frameCount: number
}

/**
 * Reads a WebP file chunk by chunk. An orientation in its Exif is removed too, because browsers ignore it in this format.
 * @throws {ImageError}
 */
export async function inspectWebp (source: ByteSource): Promise<Inspection> {
  const walk: WebpWalk = {
    cursor: new Cursor(source),
    plan: new DerivativePlan(),
    extended: undefined,
    still: { hasAlphaPlane: false, bitstream: undefined },
    hasProfile: false,
    hasAnimation: false,
    hasAlpha: false,
    hasLossless: false,
    frameCount: 0
  }
  const { cursor, plan } = walk
  await cursor.need(riffBytes)
  const riff = Buffer.from(cursor.rest().subarray(0, riffBytes))
  const end = headBytes + riff.readUInt32LE(4)
  plan.insert(riff)
  cursor.skip(riffBytes)
  while (cursor.position + headBytes <= end) {
    plan.countPart()
    const chunk = await readChunk(cursor, end)
    await cleanChunk(walk, chunk)
    cursor.position = chunk.end
  }
  // Some writers count the padding of the last chunk and do not write it.
  if (end > source.byteCount && cursor.position !== end) throw broken('ends before it is complete')
  if (!cursor.isAtEnd) plan.removed.add('trailing_data')
  const facts = toFacts(walk)
  writeFlags(walk)
  riff.writeUInt32LE(plan.byteCount - headBytes, 4)
  return { facts, plan }
}

async function cleanChunk (walk: WebpWalk, chunk: Chunk): Promise<void> {
  const { cursor: { source }, plan, extended } = walk
  const { type, start, dataStart, dataEnd } = chunk
  const isFirst = start === riffBytes
  const isImage = isImageChunk(chunk)
  if (isFirst ? !(type === 'VP8X' || (isImage && type !== 'ALPH')) : type === 'VP8X') throw broken('does not begin with exactly one header')
  const animated = extended?.isAnimated === true ? extended : undefined
  if (type === 'VP8X') await readExtended(walk, chunk)
  // Decoders ignore what follows the only image of a file without an extended header.
  else if (isImage && (isFirst || extended !== undefined)) await cleanStill(walk, chunk)
  else if (type === 'ANIM' && animated !== undefined && !walk.hasAnimation) cleanAnimation(walk, chunk)
  else if (type === 'ANMF' && animated !== undefined) await cleanNextFrame(walk, animated.canvas, chunk)
  else if (type === 'ICCP') await cleanProfile(walk, chunk)
  else if (type === 'EXIF') recordExif(plan, await source.read(dataStart, Math.min(exifBytes, dataEnd - dataStart)))
  else plan.removed.add(metadataChunks.get(type) ?? 'application_data')
}

async function readExtended (walk: WebpWalk, { dataStart, dataEnd }: Chunk): Promise<void> {
  const { cursor, plan } = walk
  if (dataEnd - dataStart !== extendedBytes) throw broken('has a header with a wrong length')
  await cursor.need(extendedBytes)
  const header = cursor.rest()
  const flags = header.readUInt8(0)
  const canvas = { width: header.readUIntLE(4, 3) + 1, height: header.readUIntLE(7, 3) + 1 }
  checkSize(canvas.width, canvas.height)
  const copy = Buffer.concat([chunkHead('VP8X', extendedBytes), Buffer.alloc(4), header.subarray(4, extendedBytes)])
  walk.extended = { canvas, flags, isAnimated: (flags & flag.animation) !== 0, copy }
  plan.insert(copy)
}

async function cleanStill (walk: WebpWalk, chunk: Chunk): Promise<void> {
  const { cursor, plan, extended, still } = walk
  if (extended?.isAnimated === true) throw broken('has an image outside of its frames')
  await readImageChunk(still, cursor, chunk)
  await copyChunk(cursor, plan, chunk)
  const { bitstream, hasAlphaPlane } = still
  if (bitstream === undefined) return
  checkSize(bitstream.width, bitstream.height)
  recordImage(walk, { ...bitstream, hasAlpha: bitstream.hasAlpha || hasAlphaPlane })
}

function recordImage (walk: WebpWalk, { hasAlpha, isLossless }: { hasAlpha: boolean, isLossless: boolean }): void {
  walk.hasAlpha ||= hasAlpha
  walk.hasLossless ||= isLossless
}

function cleanAnimation (walk: WebpWalk, { dataStart, dataEnd }: Chunk): void {
  const { plan } = walk
  if (dataEnd - dataStart < animationBytes) throw broken('has a part that is too short')
  walk.hasAnimation = true
  plan.insert(chunkHead('ANIM', animationBytes))
  plan.copy(dataStart, dataStart + animationBytes)
  if (dataEnd - dataStart > animationBytes) plan.removed.add('application_data')
}

async function cleanNextFrame (walk: WebpWalk, canvas: Canvas, chunk: Chunk): Promise<void> {
  const { cursor, plan, hasAnimation } = walk
  if (!hasAnimation) throw broken('has a frame in a forbidden position')
  checkFrames(canvas.width, canvas.height, ++walk.frameCount)
  recordImage(walk, await cleanFrame({ cursor, plan, canvas }, chunk))
}

/** Decoders ignore a profile without its flag, and a second one. */
async function cleanProfile (walk: WebpWalk, chunk: Chunk): Promise<void> {
  const { cursor, plan, extended, hasProfile } = walk
  const { dataStart, dataEnd } = chunk
  const head = await cursor.source.read(dataStart, Math.min(profileHeadBytes, dataEnd - dataStart))
  const isUsed = extended !== undefined && (extended.flags & flag.profile) !== 0 && !hasProfile
  if (!isUsed || !isProfile(head)) {
    plan.removed.add('application_data')
    return
  }
  walk.hasProfile = true
  await copyChunk(cursor, plan, chunk)
}

function toFacts (walk: WebpWalk): Inspection['facts'] {
  const { extended, still: { bitstream }, frameCount } = walk
  const size = extended?.isAnimated === true && frameCount > 0 ? extended.canvas : bitstream
  if (size === undefined) throw broken('has no pixels')
  const { width, height } = size
  if (extended !== undefined && (extended.canvas.width !== width || extended.canvas.height !== height)) {
    throw broken('has an image of another size than its header')
  }
  const decodeBytes = webpBytes(width * height, walk)
  return { contentType: 'image/webp', width, height, frameCount: Math.max(1, frameCount), orientation: 1, decodeBytes }
}

/** Browsers show the alpha of an image whose header does not announce it; libvips does not, so it is announced. */
function writeFlags ({ extended, hasAlpha, hasProfile }: WebpWalk): void {
  if (extended === undefined) return
  const kept = extended.flags & (flag.animation | flag.alpha)
  extended.copy.writeUInt8(kept | (hasAlpha ? flag.alpha : 0) | (hasProfile ? flag.profile : 0), headBytes)
}
