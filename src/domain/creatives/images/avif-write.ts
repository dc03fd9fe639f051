import type { Reference } from './avif-items.ts'
import type { Appearance } from './avif-properties.ts'
import { boxHeadBytes, writeBox, writeUint } from './boxes.ts'

/** An item of the clean image. */
export interface CleanItem {
  id: number
  type: string
  isHidden: boolean
  byteCount: number
  appearance: Appearance
}

/** Numbers that identify a property or an item, from 1 on. */
const numberOf = (list: readonly unknown[], value: unknown): number => list.indexOf(value) + 1

/**
 * Writes all boxes before the data, which follows in the order of the items. The same items give the same bytes, whatever the
 * layout of the upload was.
 */
export function writeHead (
  items: readonly CleanItem[], { primaryId, references }: { primaryId: number, references: readonly Reference[] }
): Buffer {
  const ids = items.map(({ id }) => id)
  const length = writeAll(0).length
  return writeAll(length)

  function writeAll (dataStart: number): Buffer {
    const meta = writeFull('meta', 0, writeFull('hdlr', 0, Buffer.from('\0\0\0\0pict\0\0\0\0\0\0\0\0\0\0\0\0\0')),
      writeFull('pitm', 0, writeUint(numberOf(ids, primaryId), 2)), writeLocations(items, dataStart), writeInfos(items),
      writeProperties(items), ...writeReferences(ids, references))
    const dataBytes = items.reduce((sum, { byteCount }) => sum + byteCount, 0)
    const data = Buffer.concat([writeUint(boxHeadBytes + dataBytes, 4), Buffer.from('mdat')])
    return Buffer.concat([writeBox('ftyp', Buffer.from('avif\0\0\0\0avifmif1miaf')), meta, data])
  }
}

function writeFull (type: string, flags: number, ...contents: Buffer[]): Buffer {
  return writeBox(type, writeUint(flags, 4), ...contents)
}

/** Writes one extent for each item, with offsets and lengths of four bytes. */
function writeLocations (items: readonly CleanItem[], dataStart: number): Buffer {
  let start = dataStart
  const locations = items.map(({ byteCount }, index) => {
    const location = [writeUint(index + 1, 2), writeUint(0, 2), writeUint(1, 2), writeUint(start, 4), writeUint(byteCount, 4)]
    start += byteCount
    return Buffer.concat(location)
  })
  return writeFull('iloc', 0, writeUint(0x4400, 2), writeUint(items.length, 2), ...locations)
}

function writeInfos (items: readonly CleanItem[]): Buffer {
  const infos = items.map(({ type, isHidden }, index) => {
    const head = Buffer.concat([writeUint(index + 1, 2), writeUint(0, 2), Buffer.from(`${type}\0`, 'latin1')])
    return writeBox('infe', writeUint(2, 1), writeUint(isHidden ? 1 : 0, 3), head)
  })
  return writeFull('iinf', 0, writeUint(items.length, 2), ...infos)
}

function writeProperties (items: readonly CleanItem[]): Buffer {
  const texts = [...new Set(items.flatMap(({ appearance: { links } }) => links.map(({ box }) => box.toString('latin1'))))]
  const associations = items.map(({ appearance: { links } }, index) => {
    const numbers = links.map(({ box, isEssential }) => writeUint(numberOf(texts, box.toString('latin1')) + (isEssential ? 0x8000 : 0), 2))
    return Buffer.concat([writeUint(index + 1, 2), writeUint(links.length, 1), ...numbers])
  })
  const container = writeBox('ipco', ...texts.map((text) => Buffer.from(text, 'latin1')))
  return writeBox('iprp', container, writeFull('ipma', 1, writeUint(items.length, 4), ...associations))
}

/** Writes the references between items of the clean image. */
function writeReferences (ids: readonly number[], references: readonly Reference[]): Buffer[] {
  const kept = references.filter(({ type, from }) => ['dimg', 'auxl', 'prem'].includes(type) && ids.includes(from))
  const boxes = kept.flatMap(({ type, from, to }) => {
    const numbers = to.map((id) => numberOf(ids, id)).filter((number) => number > 0).map((number) => writeUint(number, 2))
    return numbers.length === 0 ? [] : [writeBox(type, writeUint(numberOf(ids, from), 2), writeUint(numbers.length, 2), ...numbers)]
  })
  return boxes.length === 0 ? [] : [writeFull('iref', 0, ...boxes)]
}
