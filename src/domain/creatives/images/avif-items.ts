import { BoxReader, boxesIn, type Box } from './boxes.ts'
import type { Span } from './derivative-plan.ts'
import { broken } from './image-error.ts'

/** A property of items: a box, and its place among the properties of the file, from 1 on. */
export interface PropertyLink { index: number, isEssential: boolean }

/** An image, or a piece of metadata, of an AVIF file (ISO/IEC 23008-12, §6). */
export interface Item {
  id: number
  type: string
  isHidden: boolean
  /** Media type of an item of the type `mime`. */
  mediaType: string
  /** The spans of its data in the file. */
  extents: Span[]
  links: PropertyLink[]
}

export interface Reference { type: string, from: number, to: number[] }

/** The items of a file, in order, and what connects them. */
export interface ItemTable {
  primaryId: number
  items: Map<number, Item>
  properties: Array<Box & { data: Buffer }>
  references: Reference[]
}

/** More than any program writes: a panorama of 50 megapixels in tiles of 512 pixels has 200. */
const maximumItems = 2000
/** Extents of all items together. */
const maximumExtents = 4000

/** Reads the content of a `meta` box; `offset` is its position in the file. @throws {ImageError} */
export function readItems (meta: Buffer, offset: number): ItemTable {
  const boxes = new Map<string, Box>()
  for (const box of boxesIn(meta, { start: 4, end: meta.length })) {
    if (boxes.has(box.type)) throw broken('has a part twice')
    boxes.set(box.type, box)
  }
  const open = (type: string) => {
    const box = boxes.get(type)
    if (box === undefined) throw broken('lacks a part')
    return new BoxReader(meta, box)
  }
  const items = readInfos(meta, open('iinf'))
  const data = boxes.get('idat')
  readLocations(open('iloc'), items, data && { start: offset + data.start, end: offset + data.end })
  const properties = readProperties(meta, open('iprp'), items)
  const references = boxes.has('iref') ? readReferences(meta, open('iref')) : []
  const primary = open('pitm')
  const { version } = primary.version()
  return { primaryId: primary.uint(version === 0 ? 2 : 4), items, properties, references }
}

function readInfos (meta: Buffer, reader: BoxReader): Map<number, Item> {
  const items = new Map<number, Item>()
  const { version } = reader.version()
  reader.skip(version === 0 ? 2 : 4)
  for (const box of boxesIn(meta, { start: reader.position, end: reader.end })) {
    const info = new BoxReader(meta, box)
    const { version, flags } = info.version()
    if (box.type !== 'infe' || version < 2 || items.size === maximumItems) throw broken('has a list of parts that cannot be read')
    const id = info.uint(version === 2 ? 2 : 4)
    if (info.uint(2) !== 0) throw broken('is encrypted')
    const type = info.text(4)
    info.string()
    const mediaType = type === 'mime' ? info.string() : ''
    items.set(id, { id, type, isHidden: (flags & 1) === 1, mediaType, extents: [], links: [] })
  }
  return items
}

/** Reads where the data of each item is. Data is in the file, or in the box `idat`. */
function readLocations (reader: BoxReader, items: Map<number, Item>, idat: Span | undefined): void {
  const { version } = reader.version()
  const sizes = reader.uint(2)
  const [offsetBytes, lengthBytes, baseBytes] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15]
  const indexBytes = version === 0 ? 0 : sizes & 15
  let extentCount = 0
  for (let left = reader.uint(version < 2 ? 2 : 4); left > 0; left--) {
    const item = items.get(reader.uint(version < 2 ? 2 : 4))
    const method = version === 0 ? 0 : reader.uint(2) & 15
    if (reader.uint(2) !== 0 || method > 1) throw broken('refers to data outside of the file')
    const area = method === 0 ? { start: 0, end: Infinity } : idat ?? { start: 0, end: 0 }
    const base = area.start + reader.uint(baseBytes)
    for (let extents = reader.uint(2); extents > 0; extents--) {
      reader.skip(indexBytes)
      const start = base + reader.uint(offsetBytes)
      const end = start + reader.uint(lengthBytes)
      if (end === start || end > area.end || ++extentCount > maximumExtents) throw broken('has a part with a wrong length')
      item?.extents.push({ start, end })
    }
  }
}

function readProperties (meta: Buffer, reader: BoxReader, items: Map<number, Item>): ItemTable['properties'] {
  const properties: ItemTable['properties'] = []
  for (const box of boxesIn(meta, { start: reader.position, end: reader.end })) {
    if (box.type === 'ipco') {
      for (const property of boxesIn(meta, box)) properties.push({ ...property, data: meta.subarray(property.start, property.end) })
    }
    if (box.type === 'ipma') readLinks(new BoxReader(meta, box), items)
  }
  return properties
}

function readLinks (reader: BoxReader, items: Map<number, Item>): void {
  const { version, flags } = reader.version()
  const linkBytes = (flags & 1) === 0 ? 1 : 2
  const essential = 2 ** (linkBytes * 8 - 1)
  for (let left = reader.uint(4); left > 0; left--) {
    const item = items.get(reader.uint(version === 0 ? 2 : 4))
    for (let links = reader.uint(1); links > 0; links--) {
      const link = reader.uint(linkBytes)
      item?.links.push({ index: link % essential, isEssential: link >= essential })
    }
  }
}

function readReferences (meta: Buffer, reader: BoxReader): Reference[] {
  const { version } = reader.version()
  const idBytes = version === 0 ? 2 : 4
  return [...boxesIn(meta, { start: reader.position, end: reader.end })].map((box) => {
    const reference = new BoxReader(meta, box)
    const from = reference.uint(idBytes)
    return { type: box.type, from, to: Array.from({ length: reference.uint(2) }, () => reference.uint(idBytes)) }
  })
}
