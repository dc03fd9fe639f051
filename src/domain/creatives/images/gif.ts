import { Cursor, type ByteSource } from './cursor.ts'
import { checkFrames, checkSize, type Inspection } from './facts.ts'
import { isProfile, profileHeadBytes } from './icc.ts'
import { gifBytes } from './memory.ts'
import { broken } from './image-error.ts'
import { DerivativePlan } from './derivative-plan.ts'

/** GIF89a, appendix A. */
const introducer = { extension: 0x21, image: 0x2c, trailer: 0x3b }
const label = { plainText: 0x01, graphicControl: 0xf9, comment: 0xfe, application: 0xff }
const headerBytes = 6
const screenBytes = 7
const applicationBytes = 11
const loops = new Set(['NETSCAPE2.0', 'ANIMEXTS1.0'])
const profile = 'ICCRGBG1012'
const xmp = 'XMP DataXMP'
/** "Restore to previous": the decoder needs a second canvas. */
const restorePrevious = 3

interface GifWalk {
  cursor: Cursor
  plan: DerivativePlan
  /** Size of the screen, or of the first frame if that is larger: decoders enlarge the canvas for it. */
  canvas: { width: number, height: number }
  frameCount: number
  restoresPrevious: boolean
}

/**
 * Reads a GIF file block by block up to its trailer.
 * @throws {ImageError}
 */
export async function inspectGif (source: ByteSource): Promise<Inspection> {
  const walk = await readScreen(new Cursor(source, headerBytes))
  const { cursor, plan } = walk
  for (let code = await nextIntroducer(walk); code !== introducer.trailer; code = await nextIntroducer(walk)) {
    plan.countPart()
    if (code === introducer.image) await readImage(walk)
    else if (code === introducer.extension) await readExtension(walk)
    else if (await endsWithStrayBytes(walk)) {
      plan.removed.add('trailing_data')
      break
    } else throw broken('has stray bytes between its parts')
  }
  plan.insert(Buffer.from([introducer.trailer]))
  if (!cursor.isAtEnd) plan.removed.add('trailing_data')
  const { canvas, frameCount } = walk
  if (frameCount === 0) throw broken('has no pixels')
  const decodeBytes = gifBytes(canvas.width * canvas.height, walk)
  return { facts: { contentType: 'image/gif', ...canvas, frameCount, orientation: 1, decodeBytes }, plan }
}

/**
 * Returns the code that begins the next part. Some programs write zeros between the parts, or no trailer; browsers show all frames.
 * @throws {ImageError} if the file ends before a frame
 */
async function nextIntroducer ({ cursor, frameCount }: GifWalk): Promise<number> {
  for (;;) {
    if (frameCount > 0 && cursor.isAtEnd) return introducer.trailer
    const code = await nextByte(cursor)
    if (code !== 0) return code
  }
}

/** Longest run of stray bytes behind the last frame that is removed. It is longer than a block of any writer. */
const maximumStrayBytes = 64 * 1024

/**
 * Tells whether the file has a frame, and only stray bytes from here to its end. Browsers end the image at the first stray byte. A
 * comma could begin a frame that they would not show, so that the file is damaged.
 */
async function endsWithStrayBytes ({ cursor, frameCount }: GifWalk): Promise<boolean> {
  const left = cursor.source.byteCount - cursor.position
  if (frameCount === 0 || left > maximumStrayBytes) return false
  return !(await cursor.source.read(cursor.position, left)).includes(introducer.image)
}

async function nextByte (cursor: Cursor): Promise<number> {
  if (!cursor.has(1)) await cursor.fill(1)
  return cursor.byte()
}

async function readScreen (cursor: Cursor): Promise<GifWalk> {
  await cursor.need(screenBytes)
  const screen = cursor.rest()
  const width = screen.readUInt16LE(0)
  const height = screen.readUInt16LE(2)
  checkSize(width, height)
  cursor.skip(screenBytes + colourTableBytes(screen.readUInt8(4)))
  const plan = new DerivativePlan()
  plan.copy(0, cursor.position)
  return { cursor, plan, canvas: { width, height }, frameCount: 0, restoresPrevious: false }
}

/** Size of the colour table, from the flags of a screen or an image. */
function colourTableBytes (flags: number): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1)
}

async function readImage (walk: GifWalk): Promise<void> {
  const { cursor, plan, canvas } = walk
  const start = cursor.position - 1
  if (!cursor.has(9)) await cursor.fill(9)
  const head = cursor.rest()
  if (++walk.frameCount === 1) {
    canvas.width = Math.max(canvas.width, head.readUInt16LE(0) + head.readUInt16LE(4))
    canvas.height = Math.max(canvas.height, head.readUInt16LE(2) + head.readUInt16LE(6))
  }
  checkSize(canvas.width, canvas.height)
  checkFrames(canvas.width, canvas.height, walk.frameCount)
  // The last byte is the size of the first codes.
  cursor.skip(9 + colourTableBytes(head.readUInt8(8)) + 1)
  await skipBlocks(cursor)
  plan.copy(start, cursor.position)
}

/** Skips blocks of up to 255 bytes, each after its length, up to an empty one. There may be millions. */
async function skipBlocks (cursor: Cursor): Promise<void> {
  for (;;) {
    if (!cursor.has(1)) await cursor.fill(1)
    const length = cursor.byte()
    if (length === 0) return
    cursor.skip(length)
  }
}

async function readExtension (walk: GifWalk): Promise<void> {
  const { cursor, plan } = walk
  const start = cursor.position - 1
  const kind = await nextByte(cursor)
  if (kind === label.graphicControl) return await readGraphicControl(walk, start)
  if (kind === label.application) return await readApplication(walk, start)
  await skipBlocks(cursor)
  plan.removed.add(kind === label.comment ? 'comment' : kind === label.plainText ? 'text' : 'application_data')
}

/** Reads how and how long the next image is shown: one block of four bytes. */
async function readGraphicControl (walk: GifWalk, start: number): Promise<void> {
  const { cursor, plan } = walk
  if (!cursor.has(6)) await cursor.fill(6)
  const block = cursor.rest()
  if (block[0] !== 4 || block[5] !== 0) throw broken('has a frame with a wrong control block')
  walk.restoresPrevious ||= ((block.readUInt8(1) >> 2) & 7) === restorePrevious
  cursor.skip(6)
  plan.copy(start, cursor.position)
}

async function readApplication (walk: GifWalk, start: number): Promise<void> {
  const { cursor, plan } = walk
  const nameLength = await nextByte(cursor)
  await cursor.need(nameLength)
  const name = cursor.text(nameLength)
  if (loops.has(name)) return await readLoop(walk, start)
  const blocksStart = cursor.position
  await skipBlocks(cursor)
  // The header of a profile fits into the first block, which follows its length byte.
  const head = await cursor.source.read(blocksStart, Math.min(cursor.position - blocksStart, 1 + profileHeadBytes))
  if (name === profile && isProfile(head.subarray(1))) plan.copy(start, cursor.position)
  else plan.removed.add(name === xmp ? 'xmp' : 'application_data')
}

/** Reads the repeat count: a block of three bytes that begins with 1. Further blocks are removed. */
async function readLoop ({ cursor, plan }: GifWalk, start: number): Promise<void> {
  const blocksStart = cursor.position
  await skipBlocks(cursor)
  const byteCount = cursor.position - blocksStart
  const block = await cursor.source.read(blocksStart, Math.min(byteCount, 2))
  const isLoop = block[0] === 3 && block[1] === 1
  if (isLoop && byteCount === 5) return plan.copy(start, cursor.position)
  plan.removed.add('application_data')
  if (!isLoop) return
  plan.copy(start, start + 3 + applicationBytes + 4)
  plan.insert(Buffer.alloc(1))
}
