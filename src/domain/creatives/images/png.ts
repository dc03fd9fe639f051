import { constants, crc32, inflateSync } from 'node:zlib'
import { Cursor, type ByteSource } from './cursor.ts'
import { cleanExif } from './exif.ts'
import { checkSize, type Inspection, type Orientation } from './facts.ts'
import { isProfile } from './icc.ts'
import { sequentialBytes, wholeBytes } from './memory.ts'
import { channelCounts, isColourType, isRead, type ColourType } from './png-chunks.ts'
import { broken } from './problem.ts'
import { Recipe, type RemovedKind } from './derivative-plan.ts'

const signatureBytes = 8
/** Length and type before the data of a chunk, its checksum after it. */
const headBytes = 8
const checksumBytes = 4

/** What the pixels need to be decoded and to look right. pHYs is the shape of a pixel. */
const kept = new Set(['IHDR', 'PLTE', 'tRNS', 'gAMA', 'cHRM', 'sRGB', 'iCCP', 'sBIT', 'bKGD', 'pHYs', 'cICP', 'mDCV', 'cLLI', 'IDAT', 'IEND'])
const thrownAway = new Map<string, RemovedKind>([
  ['tEXt', 'text'], ['zTXt', 'text'], ['iTXt', 'text'], ['tIME', 'time'], ['acTL', 'animation'], ['fcTL', 'animation'], ['fdAT', 'animation']
])

/** The words for a text that holds XMP, which has no chunk of its own. */
const xmpKeyword = 'XML:com.adobe.xmp\0'

/** A profile's name is free text; this one takes its place. */
const profileName = 'ICC'
const longestName = 79

/** Enough of a compressed profile to see its header; unpacked it is a megabyte at most. */
const profileStartBytes = 1024

/** An orientation stands in the first directory, which writers put first. */
const exifBytes = 64 * 1024

interface Chunk {
  type: string
  /** Of the whole chunk; `end` is excluded. */
  start: number
  end: number
}

interface Header {
  width: number
  height: number
  colourType: ColourType
  decodeBytes: number
}

interface PngWalk {
  cursor: Cursor
  recipe: Recipe
  header: Header | undefined
  orientation: Orientation | undefined
  /** Of the chunk before. */
  lastType: string
  /** Of the chunks that were kept. */
  keptTypes: Set<string>
  hasPixels: boolean
}

/**
 * Reads a PNG file chunk by chunk, checksums included, to the end of its image.
 * @throws {ImageProblem}
 */
export async function inspectPng (source: ByteSource): Promise<Inspection> {
  const walk: PngWalk = { cursor: new Cursor(source, signatureBytes), recipe: new Recipe(), header: undefined, orientation: undefined, lastType: '', keptTypes: new Set(), hasPixels: false }
  const { cursor, recipe } = walk
  recipe.keep(0, signatureBytes)
  while (walk.lastType !== 'IEND') await readChunk(walk)
  if (!cursor.isAtEnd) recipe.removed.add('trailing_data')
  const { header, orientation = 1 } = walk
  if (header === undefined || !walk.hasPixels) throw broken('has no pixels')
  const { width, height, decodeBytes } = header
  return { facts: { contentType: 'image/png', width, height, frameCount: 1, orientation, decodeBytes }, recipe }
}

async function readChunk (walk: PngWalk): Promise<void> {
  const { cursor, recipe } = walk
  recipe.countPart()
  if (!cursor.has(headBytes)) await cursor.fill(headBytes)
  const start = cursor.position
  const length = cursor.uint32()
  const type = cursor.text(4)
  const chunk: Chunk = { type, start, end: start + headBytes + length + checksumBytes }
  if (chunk.end > cursor.source.byteCount) throw broken('ends before it is complete')
  checkOrder(walk, type, length)
  if (type === 'IHDR') walk.header = await readHeader(cursor)
  await checkSum(cursor, chunk)
  await cleanChunk(walk, chunk)
  cursor.position = chunk.end
  walk.lastType = type
  walk.hasPixels ||= type === 'IDAT'
}

function checkOrder ({ header, lastType, hasPixels }: PngWalk, type: string, length: number): void {
  if ((header === undefined) !== (type === 'IHDR')) throw broken('does not begin with its one header')
  if (type === 'IHDR' && length !== 13) throw broken('has a header of a wrong length')
  if (type === 'IDAT' && hasPixels && lastType !== 'IDAT') throw broken('has something else between its pixels')
  if (type === 'IEND' && length !== 0) throw broken('has an end that is not empty')
  // A capital letter first: whoever does not know the chunk cannot show the image.
  if (/^[A-Z]/.test(type) && !kept.has(type)) throw broken('needs a part that no browser knows')
}

async function readHeader (cursor: Cursor): Promise<Header> {
  await cursor.need(13)
  const start = cursor.position
  const width = cursor.uint32()
  const height = cursor.uint32()
  checkSize(width, height)
  const bitDepth = cursor.byte()
  const colourType = cursor.byte()
  if (!isColourType(colourType)) throw broken('has a colour type that there is not')
  const channelCount = channelCounts[colourType]
  cursor.skip(2)
  const isInterlaced = cursor.byte() !== 0
  cursor.position = start
  // A single transparent colour, said later, becomes one channel more.
  const pixelBytes = (channelCount % 2 === 1 ? channelCount + 1 : channelCount) * (bitDepth === 16 ? 2 : 1)
  return { width, height, colourType, decodeBytes: isInterlaced ? wholeBytes(width * height * pixelBytes) : sequentialBytes(width, height, pixelBytes) }
}

async function checkSum (cursor: Cursor, { type, end }: Chunk): Promise<void> {
  const sum = await sumTo(cursor, end - checksumBytes, crc32(type))
  await cursor.need(checksumBytes)
  if (cursor.uint32() !== sum) throw broken('is damaged: a checksum in it is wrong')
}

/** Moves the cursor to `end` and adds what lies before it to a checksum. */
async function sumTo (cursor: Cursor, end: number, sum: number): Promise<number> {
  while (cursor.position < end) {
    await cursor.needMuch(1, end)
    const bytes = cursor.rest().subarray(0, end - cursor.position)
    sum = crc32(bytes, sum)
    cursor.position += bytes.length
  }
  return sum
}

async function cleanChunk (walk: PngWalk, chunk: Chunk): Promise<void> {
  const { recipe, cursor: { source } } = walk
  if (chunk.type === 'eXIf') return await replaceExif(walk, chunk)
  if (isOfUse(walk, chunk)) {
    walk.keptTypes.add(chunk.type)
    return chunk.type === 'iCCP' ? await cleanProfile(walk, chunk) : recipe.keep(chunk.start, chunk.end)
  }
  const isXmp = chunk.type === 'iTXt' && (await startOf(source, chunk, xmpKeyword.length)).toString('latin1') === xmpKeyword
  recipe.removed.add(isXmp ? 'xmp' : thrownAway.get(chunk.type) ?? 'application_data')
}

/** Decoders pass over what says a second time how pixels look, says it after them, or in another length. */
function isOfUse ({ header, keptTypes, hasPixels }: PngWalk, { type, start, end }: Chunk): boolean {
  if (/^[A-Z]/.test(type)) return true
  const length = end - start - headBytes - checksumBytes
  return kept.has(type) && !hasPixels && !keptTypes.has(type) && header !== undefined && isRead(type, length, header.colourType)
}

async function cleanProfile ({ recipe, cursor: { source } }: PngWalk, chunk: Chunk): Promise<void> {
  const named = await startOf(source, chunk, longestName + 1)
  const nameEnd = named.indexOf(0)
  if (nameEnd === -1 || !await holdsProfile(source, { ...chunk, start: chunk.start + nameEnd + 2 })) {
    recipe.removed.add('application_data')
    return
  }
  if (named.toString('latin1', 0, nameEnd) === profileName) return recipe.keep(chunk.start, chunk.end)
  const head = Buffer.alloc(headBytes + profileName.length)
  const dataStart = chunk.start + headBytes + nameEnd
  const dataEnd = chunk.end - checksumBytes
  head.writeUInt32BE(profileName.length + dataEnd - dataStart)
  head.write(`iCCP${profileName}`, 4, 'latin1')
  recipe.insert(head)
  recipe.keep(dataStart, dataEnd)
  recipe.insert(uint32(await sumTo(new Cursor(source, dataStart), dataEnd, crc32(head.subarray(4)))))
}

/** Of a profile, compressed; `start` is so that its bytes follow as the data of a chunk do. */
async function holdsProfile (source: ByteSource, chunk: Chunk): Promise<boolean> {
  const compressed = await startOf(source, chunk, profileStartBytes)
  try {
    return isProfile(inflateSync(compressed, { finishFlush: constants.Z_SYNC_FLUSH }))
  } catch {
    return false
  }
}

async function replaceExif (walk: PngWalk, chunk: Chunk): Promise<void> {
  const minimal = cleanExif(walk, await startOf(walk.cursor.source, chunk, exifBytes))
  if (minimal === undefined) return
  const typed = Buffer.concat([Buffer.from('eXIf'), minimal])
  walk.recipe.insert(Buffer.concat([uint32(minimal.length), typed, uint32(crc32(typed))]))
}

async function startOf (source: ByteSource, { start, end }: Chunk, length: number): Promise<Buffer> {
  return await source.read(start + headBytes, Math.max(0, Math.min(length, end - checksumBytes - start - headBytes)))
}

function uint32 (value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
