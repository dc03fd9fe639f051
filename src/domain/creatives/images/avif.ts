import { boxHeadBytes } from './boxes.ts'
import { readItems, type Item, type ItemTable } from './avif-items.ts'
import { readAppearance, type Appearance } from './avif-properties.ts'
import { writeHead } from './avif-write.ts'
import { readAv1Size } from './av1.ts'
import type { ByteSource } from './cursor.ts'
import { DerivativePlan, type RemovedKind } from './derivative-plan.ts'
import { recordExif } from './exif.ts'
import { ExtentSource } from './extent-source.ts'
import { checkSize, type Inspection } from './facts.ts'
import { broken } from './image-error.ts'
import { avifBytes } from './memory.ts'

/** The descriptions of the items; a profile can take most of it. */
const maximumMetaBytes = 4 * 1024 * 1024
/** Length of eight bytes after the type. */
const longHeadBytes = 16
/** Bytes of Exif that are read, after the position of its header, which is four bytes. */
const exifBytes = 64 * 1024
const exifOffsetBytes = 4

const discarded = new Map<string, RemovedKind | undefined>([
  ['ftyp', undefined], ['mdat', undefined], ['free', undefined], ['skip', undefined], ['moov', 'animation']
])

/** An item that the image consists of. */
interface UsedItem extends Item {
  appearance: Appearance
  source: ExtentSource
}

/**
 * Reads an AVIF file and plans a new one with the coded pixels and the properties that decoders use. Rotation and mirroring
 * are properties, which decoders apply; an orientation in Exif has no effect in this format.
 * @throws {ImageError}
 */
export async function inspectAvif (source: ByteSource): Promise<Inspection> {
  const plan = new DerivativePlan()
  const table = await findItems(source, plan)
  const used = selectItems(table, source)
  for (const item of table.items.values()) if (!used.has(item.id)) await recordRemoved(plan, item, { table, source })
  const items = [...table.items.keys()].map((id) => used.get(id)).filter((item) => item !== undefined)
  const shown = await checkItems(items, table)
  plan.insert(writeHead(items.map(({ source: { byteCount }, ...item }) => ({ ...item, byteCount })), table))
  for (const { extents, appearance } of items) {
    for (const { start, end } of extents) plan.copy(start, end)
    if (appearance.isCleaned) plan.removed.add('application_data')
  }
  // Items that share their data could make the clean image much larger than the upload.
  if (items.reduce((sum, item) => sum + item.source.byteCount, 0) > source.byteCount) throw broken('has parts that overlap')
  return { facts: { contentType: 'image/avif', ...shown, frameCount: 1, orientation: 1 }, plan }
}

/** Reads the boxes of the file up to its end. */
async function findItems (source: ByteSource, plan: DerivativePlan): Promise<ItemTable> {
  let table: ItemTable | undefined
  let position = 0
  while (position + boxHeadBytes <= source.byteCount) {
    plan.countPart()
    const head = await source.read(position, Math.min(longHeadBytes, source.byteCount - position))
    const type = head.toString('latin1', 4, boxHeadBytes)
    const isLong = head.readUInt32BE(0) === 1 && head.length === longHeadBytes
    const headBytes = isLong ? longHeadBytes : boxHeadBytes
    const length = isLong ? Number(head.readBigUInt64BE(boxHeadBytes)) : head.readUInt32BE(0) || source.byteCount - position
    if (length < headBytes || position + length > source.byteCount) break
    if (type !== 'meta') {
      const kind = discarded.has(type) ? discarded.get(type) : 'application_data'
      if (kind !== undefined) plan.removed.add(kind)
    } else {
      if (table !== undefined || length > maximumMetaBytes) throw broken('has descriptions that cannot be read')
      table = readItems(await source.read(position + headBytes, length - headBytes), position + headBytes)
    }
    position += length
  }
  if (table === undefined) throw broken('has no pixels')
  if (position < source.byteCount) plan.removed.add('trailing_data')
  return table
}

/** Finds the main image, the tiles that it consists of, and the alpha of all these. */
function selectItems (table: ItemTable, source: ByteSource): Map<number, UsedItem> {
  const used = new Map<number, UsedItem>()
  const tiles = new Map<number, number[]>()
  const auxiliaries = new Map<number, number[]>()
  for (const { type, from, to } of table.references) {
    if (type === 'dimg') tiles.set(from, to)
    if (type === 'auxl') for (const id of to) auxiliaries.set(id, [...auxiliaries.get(id) ?? [], from])
  }
  const found = new Set([table.primaryId])
  for (const id of found) {
    const item = table.items.get(id)
    if (item === undefined) throw broken('lacks a part')
    const appearance = readAppearance(table, item.links)
    used.set(id, { ...item, appearance, source: new ExtentSource(source, item.extents) })
    if (item.type === 'grid') for (const tile of tiles.get(id) ?? []) found.add(tile)
    for (const auxiliary of auxiliaries.get(id) ?? []) {
      if (readAppearance(table, table.items.get(auxiliary)?.links ?? []).isAlpha) found.add(auxiliary)
    }
  }
  return used
}

/** Checks each item, and returns the shown size and the memory that decoding needs. */
async function checkItems (items: readonly UsedItem[], table: ItemTable): Promise<{ width: number, height: number, decodeBytes: number }> {
  let shown = { width: 0, height: 0 }
  const pixels = { colour: 0, alpha: 0, canvas: 0 }
  for (const item of items) {
    const { type, id, appearance: { width, height, isAlpha, isTurned } } = item
    checkSize(width, height)
    if (id === table.primaryId) {
      pixels.canvas = width * height
      shown = isTurned ? { width: height, height: width } : { width, height }
    }
    if (type === 'grid') await checkGrid(item, table)
    else if (type === 'av01') {
      const coded = await readAv1Size(item.source)
      if (coded.width !== width || coded.height !== height) throw broken('has an image of another size than its header')
      pixels[isAlpha ? 'alpha' : 'colour'] += width * height
    } else throw broken('is coded in a way that browsers do not support')
  }
  const most = Math.max(pixels.colour, pixels.alpha, pixels.canvas)
  // The last column and the last row of tiles may be used in part.
  if (most > 4 * pixels.canvas) throw broken('has more tiles than it needs')
  return { ...shown, decodeBytes: avifBytes(most, { isDeep: items.some(({ appearance: { isDeep } }) => isDeep) }) }
}

/** A grid is version, flags, rows and columns less one, and the size in numbers of two or four bytes. */
async function checkGrid ({ id, source, appearance }: UsedItem, { items, references }: ItemTable): Promise<void> {
  const tiles = references.filter(({ type, from }) => type === 'dimg' && from === id).flatMap(({ to }) => to)
  if (source.byteCount !== 8 && source.byteCount !== 12) throw broken('has tiles that cannot be read')
  const grid = await source.read(0, source.byteCount)
  const sideBytes = (source.byteCount - 4) / 2
  const size = { width: grid.readUIntBE(4, sideBytes), height: grid.readUIntBE(4 + sideBytes, sideBytes) }
  const isComplete = (grid.readUInt8(2) + 1) * (grid.readUInt8(3) + 1) === tiles.length && new Set(tiles).size === tiles.length
  if (!isComplete || tiles.some((tile) => items.get(tile)?.type !== 'av01')) throw broken('lacks tiles')
  if (size.width !== appearance.width || size.height !== appearance.height) throw broken('has an image of another size than its header')
}

async function recordRemoved (
  plan: DerivativePlan, { id, type, mediaType, extents }: Item, { table, source }: { table: ItemTable, source: ByteSource }
): Promise<void> {
  if (type === 'Exif') {
    const data = new ExtentSource(source, extents)
    const start = Math.min(exifOffsetBytes, data.byteCount)
    return recordExif(plan, await data.read(start, Math.min(exifBytes, data.byteCount - start)))
  }
  const isThumbnail = table.references.some((reference) => reference.type === 'thmb' && reference.from === id)
  plan.removed.add(mediaType === 'application/rdf+xml' ? 'xmp' : isThumbnail ? 'thumbnail' : 'application_data')
}
