import { cleanExif } from './exif.ts'
import { isProfile, profileHeadBytes } from './icc.ts'
import type { JpegWalk } from './jpeg.ts'
import type { RemovedKind } from './derivative-plan.ts'

/** From its marker on; `end` is excluded. */
export interface Segment {
  code: number
  start: number
  end: number
}

const comment = 0xfe
const app = (number: number) => 0xe0 + number

/** Marker and length. */
const headBytes = 4
const profileName = 'ICC_PROFILE\0'
/** With the two bytes after the name: which part it is, and of how many. */
const profilePartBytes = profileName.length + 2
/** Enough to tell every kind of segment from its first bytes. */
const nameBytes = profilePartBytes + profileHeadBytes
/** JFIF 1.02: identifier, version, density and the size of the thumbnail. */
const jfifBytes = 14
/** Adobe technical note 5116: identifier, version, flags and colour transform. */
const adobeBytes = 12

const exifName = 'Exif\0'
/** With the byte after the name, which pads it. */
const exifNameBytes = 6

/** Which kind a segment is that is thrown away whole, by its marker and first bytes; the first that fits. */
const thrownAway: Array<[number, string, RemovedKind]> = [
  [app(0), 'JFXX\0', 'thumbnail'],
  [app(1), 'http://ns.adobe.com/xap/1.0/', 'xmp'],
  [app(1), 'http://ns.adobe.com/xmp/extension/', 'xmp'],
  [app(13), 'Photoshop 3.0', 'iptc'],
  [comment, '', 'comment']
]

/** Keeps what the pixels need to look right, rewrites what has more in it, and names the rest. */
export async function cleanApplicationSegment (walk: JpegWalk, segment: Segment): Promise<void> {
  const { cursor, recipe } = walk
  const { code, start, end } = segment
  const byteCount = end - start - headBytes
  await cursor.need(Math.min(nameBytes, byteCount))
  const name = cursor.rest().toString('latin1', 0, Math.min(nameBytes, byteCount))
  if (code === app(0) && name.startsWith('JFIF\0') && byteCount >= jfifBytes && !walk.hasJfif) keepJfif(walk, segment)
  else if (code === app(1) && name.startsWith(exifName)) await replaceExif(walk, segment)
  else if (code === app(2) && name.startsWith(profileName) && mayBeProfile(Buffer.from(name, 'latin1'))) recipe.keep(start, end)
  else if (code === app(14) && name.startsWith('Adobe') && byteCount >= adobeBytes) keepStart(walk, segment, adobeBytes)
  else recipe.removed.add(thrownAway.find(([known, prefix]) => known === code && name.startsWith(prefix))?.[2] ?? 'application_data')
}

/** Of the parts of a profile only the first has a header. */
function mayBeProfile (part: Buffer): boolean {
  return part[profileName.length] !== 1 || isProfile(part.subarray(profilePartBytes))
}

function keepJfif (walk: JpegWalk, segment: Segment): void {
  const { recipe, cursor } = walk
  walk.hasJfif = true
  const head = Buffer.from(cursor.rest().subarray(0, jfifBytes))
  if (segment.end - segment.start === headBytes + jfifBytes && head.readUInt16BE(12) === 0) return recipe.keep(segment.start, segment.end)
  recipe.removed.add('thumbnail')
  recipe.insert(Buffer.concat([headOf(segment.code, jfifBytes), head.subarray(0, 12), Buffer.alloc(2)]))
}

function keepStart ({ recipe }: JpegWalk, { code, start, end }: Segment, byteCount: number): void {
  if (end - start === headBytes + byteCount) return recipe.keep(start, end)
  recipe.removed.add('application_data')
  recipe.insert(headOf(code, byteCount))
  recipe.keep(start + headBytes, start + headBytes + byteCount)
}

/** Says the orientation again, alone, in the same place. */
async function replaceExif (walk: JpegWalk, { code, start, end }: Segment): Promise<void> {
  const { recipe, cursor } = walk
  await cursor.need(end - cursor.position)
  const minimal = cleanExif(walk, cursor.rest().subarray(exifNameBytes, end - start - headBytes))
  if (minimal === undefined) return
  recipe.insert(Buffer.concat([headOf(code, exifNameBytes + minimal.length), Buffer.from(`${exifName}\0`, 'latin1'), minimal]))
}

function headOf (code: number, byteCount: number): Buffer {
  const length = byteCount + 2
  return Buffer.from([0xff, code, length >> 8, length & 0xff])
}
