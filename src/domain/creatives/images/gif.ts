import { Cursor, type ByteSource } from './cursor.ts'
import { checkSize, type Inspection } from './facts.ts'
import { isProfile, profileHeadBytes } from './icc.ts'
import { gifBytes } from './memory.ts'
import { broken } from './problem.ts'
import { Recipe } from './derivative-plan.ts'

/** GIF89a, appendix A. */
const introducer = { extension: 0x21, image: 0x2c, trailer: 0x3b }
const label = { plainText: 0x01, graphicControl: 0xf9, comment: 0xfe, application: 0xff }
const headerBytes = 6
const screenBytes = 7
const applicationBytes = 11
const loops = new Set(['NETSCAPE2.0', 'ANIMEXTS1.0'])
const profile = 'ICCRGBG1012'
const xmp = 'XMP DataXMP'
/** "Restore to previous": the decoder keeps a second canvas. */
const restorePrevious = 3

interface GifWalk {
  cursor: Cursor
  recipe: Recipe
  /** The screen, or the first frame where that reaches beyond it: decoders give way to it. */
  canvas: { width: number, height: number }
  frameCount: number
  restoresPrevious: boolean
}

/**
 * Reads a GIF file block by block, to its trailer.
 * @throws {ImageProblem}
 */
export async function inspectGif (source: ByteSource): Promise<Inspection> {
  const walk = await readScreen(new Cursor(source, headerBytes))
  const { cursor, recipe } = walk
  for (let code = await nextByte(cursor); code !== introducer.trailer; code = await nextByte(cursor)) {
    recipe.countPart()
    if (code === introducer.image) await readImage(walk)
    else if (code === introducer.extension) await readExtension(walk)
    else throw broken('has bytes between its parts that belong to none')
  }
  recipe.keep(cursor.position - 1, cursor.position)
  if (!cursor.isAtEnd) recipe.removed.add('trailing_data')
  const { canvas, frameCount } = walk
  if (frameCount === 0) throw broken('has no pixels')
  return { facts: { contentType: 'image/gif', ...canvas, frameCount, orientation: 1, decodeBytes: gifBytes(canvas.width * canvas.height, walk) }, recipe }
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
  const recipe = new Recipe()
  recipe.keep(0, cursor.position)
  return { cursor, recipe, canvas: { width, height }, frameCount: 0, restoresPrevious: false }
}

/** From the flags of a screen or an image. */
function colourTableBytes (flags: number): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1)
}

async function readImage (walk: GifWalk): Promise<void> {
  const { cursor, recipe, canvas } = walk
  const start = cursor.position - 1
  if (!cursor.has(9)) await cursor.fill(9)
  const head = cursor.rest()
  if (++walk.frameCount === 1) {
    canvas.width = Math.max(canvas.width, head.readUInt16LE(0) + head.readUInt16LE(4))
    canvas.height = Math.max(canvas.height, head.readUInt16LE(2) + head.readUInt16LE(6))
  }
  checkSize(canvas.width, canvas.height, walk.frameCount)
  // Then one byte, the size of the first codes.
  cursor.skip(9 + colourTableBytes(head.readUInt8(8)) + 1)
  await passBlocks(cursor)
  recipe.keep(start, cursor.position)
}

/** Blocks of up to 255 bytes, each behind its length, until an empty one. There may be millions. */
async function passBlocks (cursor: Cursor): Promise<void> {
  for (;;) {
    if (!cursor.has(1)) await cursor.fill(1)
    const length = cursor.byte()
    if (length === 0) return
    cursor.skip(length)
  }
}

async function readExtension (walk: GifWalk): Promise<void> {
  const { cursor, recipe } = walk
  const start = cursor.position - 1
  const kind = await nextByte(cursor)
  if (kind === label.graphicControl) return await readGraphicControl(walk, start)
  if (kind === label.application) return await readApplication(walk, start)
  await passBlocks(cursor)
  recipe.removed.add(kind === label.comment ? 'comment' : kind === label.plainText ? 'text' : 'application_data')
}

/** How and how long the next image is shown: one block of four bytes. */
async function readGraphicControl (walk: GifWalk, start: number): Promise<void> {
  const { cursor, recipe } = walk
  if (!cursor.has(6)) await cursor.fill(6)
  const block = cursor.rest()
  if (block[0] !== 4 || block[5] !== 0) throw broken('has a frame with a wrong control block')
  walk.restoresPrevious ||= ((block.readUInt8(1) >> 2) & 7) === restorePrevious
  cursor.skip(6)
  recipe.keep(start, cursor.position)
}

async function readApplication (walk: GifWalk, start: number): Promise<void> {
  const { cursor, recipe } = walk
  const nameLength = await nextByte(cursor)
  await cursor.need(nameLength)
  const name = cursor.text(nameLength)
  if (loops.has(name)) return await readLoop(walk, start)
  const blocksStart = cursor.position
  await passBlocks(cursor)
  // The first block, behind its length, has all of the header.
  const head = await cursor.source.read(blocksStart, Math.min(cursor.position - blocksStart, 1 + profileHeadBytes))
  if (name === profile && isProfile(head.subarray(1))) recipe.keep(start, cursor.position)
  else recipe.removed.add(name === xmp ? 'xmp' : 'application_data')
}

/** How often it is played: a block of three bytes that begins with 1. Others may stand behind it. */
async function readLoop ({ cursor, recipe }: GifWalk, start: number): Promise<void> {
  const blocksStart = cursor.position
  await passBlocks(cursor)
  const byteCount = cursor.position - blocksStart
  const block = await cursor.source.read(blocksStart, Math.min(byteCount, 2))
  const isLoop = block[0] === 3 && block[1] === 1
  if (isLoop && byteCount === 5) return recipe.keep(start, cursor.position)
  recipe.removed.add('application_data')
  if (!isLoop) return
  recipe.keep(start, start + 3 + applicationBytes + 4)
  recipe.insert(Buffer.alloc(1))
}
