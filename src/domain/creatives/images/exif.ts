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
const longType = 4
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

function readOrientation (read: Read, entry: number): Orientation | undefined {
  const type = read(entry + 2, 2)
  if (type !== shortType && type !== longType) return undefined
  const value = read(entry + 8, type === shortType ? 2 : 4)
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

/**
 * Records what an Exif block held, and returns the minimal Exif that replaces it, if the image needs one.
 * The first block with an orientation counts, as it does in viewers.
 */
export function cleanExif (walk: { plan: DerivativePlan, orientation: Orientation | undefined }, tiff: Buffer): Buffer | undefined {
  const { plan: { removed }, orientation: earlier } = walk
  const exif = readExif(tiff)
  if (!exif.isMinimal || earlier !== undefined) removed.add('exif')
  if (exif.hasGps) removed.add('gps')
  if (exif.hasThumbnail) removed.add('thumbnail')
  if (earlier !== undefined || exif.orientation === undefined) return undefined
  walk.orientation = exif.orientation
  return exif.orientation === 1 ? undefined : writeExif(exif.orientation)
}
