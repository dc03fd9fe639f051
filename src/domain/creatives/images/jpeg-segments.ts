import type { Cursor } from './cursor.ts'
import type { RemovedKind } from './derivative-plan.ts'
import { cleanExif, type ExifWalk } from './exif.ts'
import { isProfile, profileHeadBytes } from './icc.ts'

/** A segment from its marker on; `end` is exclusive. */
export interface Segment {
  code: number
  start: number
  end: number
}

/** State while the metadata segments of a file are read. */
export interface MetadataWalk extends ExifWalk {
  cursor: Cursor
  hasJfif: boolean
  /** The last byte of each Adobe segment, which the plan refers to. */
  transforms: Buffer[]
}

const comment = 0xfe
const app = (number: number) => 0xe0 + number

/** Length of marker and length field. */
const headBytes = 4
const profileName = 'ICC_PROFILE\0'
/** Name, then one byte each for the number of this part and of all parts. */
const profilePartBytes = profileName.length + 2
/** Number of bytes that identify every kind of segment. */
const nameBytes = profilePartBytes + profileHeadBytes
/** JFIF 1.02: identifier, version, density and the size of the thumbnail. */
const jfifBytes = 14
const jfifVersion = [1, 2]
/** Adobe technical note 5116: identifier, version, flags and colour transform. */
const adobeBytes = 12

/** ISO 21496-1 and its predecessor: a second image behind the first says how much brighter its parts are on HDR screens. */
const gainMapName = 'urn:iso:std:iso:ts:21496:'
const gainMapNamespace = 'http://ns.adobe.com/hdr-gain-map/'
const xmpName = 'http://ns.adobe.com/xap/1.0/'

const exifName = 'Exif\0'
/** Name and one byte of padding. */
const exifNameBytes = 6

/** Segments that are removed whole, by marker and first bytes; the first match counts. */
const discarded: Array<[number, string, RemovedKind]> = [
  [app(0), 'JFXX\0', 'thumbnail'],
  [app(1), 'http://ns.adobe.com/xmp/extension/', 'xmp'],
  [app(13), 'Photoshop 3.0', 'iptc'],
  [comment, '', 'comment']
]

/** Copies segments that affect the appearance of the pixels, rewrites those that hold more data, and records the rest as removed. */
export async function cleanApplicationSegment (walk: MetadataWalk, segment: Segment): Promise<void> {
  const { cursor, plan } = walk
  const { code, start, end } = segment
  const byteCount = end - start - headBytes
  await cursor.need(Math.min(nameBytes, byteCount))
  const name = cursor.rest().toString('latin1', 0, Math.min(nameBytes, byteCount))
  if (code === app(0) && name.startsWith('JFIF\0') && byteCount >= jfifBytes && !walk.hasJfif) cleanJfif(walk, segment)
  else if (code === app(1) && name.startsWith(exifName)) await replaceExif(walk, segment)
  else if (code === app(2) && name.startsWith(profileName) && mayBeProfile(Buffer.from(name, 'latin1'))) plan.copy(start, end)
  else if (code === app(14) && name.startsWith('Adobe') && byteCount >= adobeBytes) cleanAdobe(walk, segment)
  else if (code === app(2) && name.startsWith(gainMapName)) plan.removed.add('gain_map')
  else if (code === app(1) && name.startsWith(xmpName)) await removeXmp(walk, segment)
  else plan.removed.add(discarded.find(([known, prefix]) => known === code && name.startsWith(prefix))?.[2] ?? 'application_data')
}

async function removeXmp ({ cursor, plan }: MetadataWalk, { end }: Segment): Promise<void> {
  plan.removed.add('xmp')
  await cursor.need(end - cursor.position)
  if (cursor.rest().subarray(0, end - cursor.position).includes(gainMapNamespace)) plan.removed.add('gain_map')
}

/** Only the first part of a profile has a header. */
function mayBeProfile (part: Buffer): boolean {
  return part[profileName.length] !== 1 || isProfile(part.subarray(profilePartBytes))
}

/** Decoders read a JFIF header of any version alike, but warn about a main version other than 1. */
function cleanJfif (walk: MetadataWalk, segment: Segment): void {
  const { plan, cursor } = walk
  walk.hasJfif = true
  const head = Buffer.from(cursor.rest().subarray(0, jfifBytes))
  if (segment.end - segment.start !== headBytes + jfifBytes || head.readUInt16BE(12) !== 0) plan.removed.add('thumbnail')
  head.fill(0, 12)
  if (head[5] !== 1) head.set(jfifVersion, 5)
  plan.insert(Buffer.concat([segmentHead(segment.code, jfifBytes), head]))
}

function cleanAdobe ({ plan, cursor, transforms }: MetadataWalk, { code, start, end }: Segment): void {
  if (end - start !== headBytes + adobeBytes) plan.removed.add('application_data')
  const content = Buffer.from(cursor.rest().subarray(0, adobeBytes))
  plan.insert(Buffer.concat([segmentHead(code, adobeBytes), content.subarray(0, -1)]))
  const transform = content.subarray(-1)
  plan.insert(transform)
  transforms.push(transform)
}

/**
 * Corrects colour transforms that decoders do not know, which they warn about: they take three components as YCbCr and four
 * as YCCK then.
 */
export function correctTransforms (transforms: Buffer[], componentCount: number): void {
  const transformed = componentCount === 4 ? 2 : 1
  for (const transform of transforms) if (transform[0] !== 0 && componentCount >= 3) transform[0] = transformed
}

/** Replaces Exif by one that holds only the orientation. */
async function replaceExif (walk: MetadataWalk, { code, start, end }: Segment): Promise<void> {
  const { plan, cursor } = walk
  await cursor.need(end - cursor.position)
  const minimal = cleanExif(walk, cursor.rest().subarray(exifNameBytes, end - start - headBytes))
  if (minimal === undefined) return
  plan.insert(Buffer.concat([segmentHead(code, exifNameBytes + minimal.length), Buffer.from(`${exifName}\0`, 'latin1'), minimal]))
}

function segmentHead (code: number, byteCount: number): Buffer {
  const length = byteCount + 2
  return Buffer.from([0xff, code, length >> 8, length & 0xff])
}
