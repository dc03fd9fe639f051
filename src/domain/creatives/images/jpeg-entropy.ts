import { broken } from './image-error.ts'
import { EntropyReader, type HuffmanTable, type UnitTables } from './jpeg-huffman.ts'
import { nextMarker, type MarkerWalk } from './jpeg-markers.ts'

/** Ten blocks, the most that a unit may have, of 64 codes and values of 32 bits each, with a stuffed zero behind each byte. */
const unitBytes = 10 * 64 * 4 * 2

export interface ScanComponent {
  /** Sampling factors. */
  across: number
  down: number
  /** Keys of the Huffman tables. */
  dc: number
  ac: number
}

export interface SequentialScan {
  components: ScanComponent[]
  /** Size of the image in pixels, and its largest sampling factors. */
  width: number
  height: number
  widest: number
  highest: number
  /** Units between two restart markers; 0 if there are none. */
  restartInterval: number
}

/** Returns the tables for a unit; `undefined` if one is not in the file, as in frames of videos, whose tables decoders supply. */
export function findTables ({ components }: SequentialScan, tables: Map<number, HuffmanTable>): UnitTables | undefined {
  const blocks = components.flatMap(({ across, down, dc, ac }) =>
    Array.from({ length: components.length === 1 ? 1 : across * down }, () => ({ dc: tables.get(dc), ac: tables.get(ac) })))
  const complete = blocks.filter((block): block is UnitTables[number] => block.dc !== undefined && block.ac !== undefined)
  return complete.length === blocks.length && blocks.length <= 10 ? complete : undefined
}

/** ITU-T T.81, A.2: a scan of one component has units of one block, and no blocks beyond the size of the component. */
function countUnits ({ components, width, height, widest, highest }: SequentialScan): number {
  const [only, ...others] = components
  if (only === undefined || others.length > 0) return Math.ceil(width / (8 * widest)) * Math.ceil(height / (8 * highest))
  return Math.ceil(Math.ceil(width * only.across / widest) / 8) * Math.ceil(Math.ceil(height * only.down / highest) / 8)
}

/**
 * Copies the entropy-coded data of a sequential scan and leaves the cursor behind its last unit. libvips does not report that the last
 * rows of such a scan are missing, so the units are counted here.
 * @throws {ImageError} if the scan is cut or damaged
 */
export async function copySequentialScan ({ cursor, plan }: MarkerWalk, scan: SequentialScan, tables: UnitTables): Promise<void> {
  const { byteCount } = cursor.source
  let start = cursor.position
  const unitCount = countUnits(scan)
  const reader = new EntropyReader()

  async function moveWindow (): Promise<void> {
    reader.unread()
    cursor.skip(reader.position)
    await cursor.needMuch(Math.min(unitBytes, byteCount - cursor.position), byteCount)
    reader.open(cursor.rest())
  }

  await moveWindow()
  for (let unit = 0; unit < unitCount; unit++) {
    if (scan.restartInterval > 0 && unit > 0 && unit % scan.restartInterval === 0) {
      await moveWindow()
      reader.align()
      plan.copy(start, cursor.position)
      // Decoders lose pixels if a restart marker has a wrong number.
      const code = await nextMarker({ cursor, plan })
      if (code !== 0xd0 + (unit / scan.restartInterval - 1) % 8) throw broken('is damaged: a restart marker is missing')
      start = cursor.position - 2
      reader.open(cursor.rest())
    }
    if (reader.left < unitBytes && cursor.position + reader.position + reader.left < byteCount) await moveWindow()
    if (!reader.skipUnit(tables)) throw broken('is damaged, or ends before it is complete')
  }
  reader.unread()
  cursor.skip(reader.position)
  plan.copy(start, cursor.position)
}
