import type { Orientation } from './facts.ts'
import type { DerivativePlan } from './derivative-plan.ts'

export interface ExifFacts {
  /** `undefined` if it is absent or invalid. */
  orientation: Orientation | undefined
  hasGps: boolean
  /** True if there is a second image file directory, which describes the embedded thumbnail. */
  hasThumbnail: boolean
  /** True if it holds an orientation and nothing else. */
  isMinimal: boolean
}

/** Exif 2.32, §4.6. */
const orientationTag = 0x0112
const gpsTag = 0x8825
const shortType = 3
const entryBytes = 12

type Read = (offset: number, length: 2 | 4) => number

/** Reads the facts and trusts no offset or count: data outside of the buffer is treated as absent. */
export function readExif (tiff: Buffer): ExifFacts {
  const facts: ExifFacts = { orientation: undefined, hasGps: false, hasThumbnail: false, isMinimal: false }
  const order = tiff.toString('latin1', 0, 4)
  if (tiff.length < 8 || (order !== 'II*\0' && order !== 'MM\0*')) return facts
  const read: Read = order === 'II*\0'
    ? (offset, length) => tiff.readUIntLE(offset, length)
    : (offset, length) => tiff.readUIntBE(offset, length)
  readDirectory(tiff.length, read, facts)
  facts.isMinimal = facts.orientation !== undefined && facts.orientation !== 1 && isMinimal(tiff, facts.orientation)
  return facts
}

function readDirectory (byteCount: number, read: Read, facts: ExifFacts): void {
  const start = read(4, 4)
  if (start + 2 > byteCount) return
  const count = read(start, 2)
  const next = start + 2 + count * entryBytes
  for (let entry = start + 2; entry < next && entry + entryBytes <= byteCount; entry += entryBytes) {
    const tag = read(entry, 2)
    if (tag === gpsTag) facts.hasGps = true
    if (tag === orientationTag) facts.orientation ??= readOrientation(read, entry)
  }
  facts.hasThumbnail = next + 4 <= byteCount && read(next, 4) !== 0
}

/** Browsers ignore an orientation of another type than one short number. */
function readOrientation (read: Read, entry: number): Orientation | undefined {
  if (read(entry + 2, 2) !== shortType || read(entry + 4, 4) !== 1) return undefined
  const value = read(entry + 8, 2)
  return value >= 1 && value <= 8 ? value as Orientation : undefined
}

/** Writes a directory of one entry, little-endian as most cameras do. */
export function writeExif (orientation: Orientation): Buffer {
  const tiff = Buffer.alloc(26)
  tiff.write('II*\0', 'latin1')
  tiff.writeUInt32LE(8, 4)
  tiff.writeUInt16LE(1, 8)
  tiff.writeUInt16LE(orientationTag, 10)
  tiff.writeUInt16LE(shortType, 12)
  tiff.writeUInt32LE(1, 14)
  tiff.writeUInt16LE(orientation, 18)
  return tiff
}

function isMinimal (tiff: Buffer, orientation: Orientation): boolean {
  const swapped = Buffer.from('4d4d002a000000080001011200030000000100000000' + '00000000', 'hex')
  swapped.writeUInt16BE(orientation, 18)
  return tiff.equals(writeExif(orientation)) || tiff.equals(swapped)
}

/** State of the walk over a file that may hold several Exif blocks. */
export interface ExifWalk {
  plan: DerivativePlan
  orientation: Orientation | undefined
  /** True after the first block, and from the pixels on: browsers apply only the first block, and only if it precedes the pixels. */
  isExifSettled: boolean
}

/**
 * Records what an Exif block held, and returns the minimal Exif that replaces it, if the image needs one.
 * Chromium 156 shows the orientation of the first block alone, and none if that block has none.
 */
export function cleanExif (walk: ExifWalk, tiff: Buffer): Buffer | undefined {
  const { plan: { removed }, isExifSettled } = walk
  const exif = readExif(tiff)
  if (!exif.isMinimal || isExifSettled) removed.add('exif')
  if (exif.hasGps) removed.add('gps')
  if (exif.hasThumbnail) removed.add('thumbnail')
  if (isExifSettled) return undefined
  walk.isExifSettled = true
  walk.orientation = exif.orientation
  return exif.orientation === undefined || exif.orientation === 1 ? undefined : writeExif(exif.orientation)
}

const exifPrefix = 'Exif\0\0'

/** Records what an Exif block held that is removed whole. Some writers put the prefix of JPEG before it. */
export function recordExif ({ removed }: DerivativePlan, block: Buffer): void {
  const isPrefixed = block.toString('latin1', 0, exifPrefix.length) === exifPrefix
  const { hasGps, hasThumbnail } = readExif(isPrefixed ? block.subarray(exifPrefix.length) : block)
  removed.add('exif')
  if (hasGps) removed.add('gps')
  if (hasThumbnail) removed.add('thumbnail')
}
