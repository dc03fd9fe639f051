import type { Cursor } from './cursor.ts'
import type { DerivativePlan } from './derivative-plan.ts'
import { checkSize } from './facts.ts'
import { broken } from './image-error.ts'
import { copySequentialScan, findTables, type SequentialScan } from './jpeg-entropy.ts'
import { findMarker, isRestart } from './jpeg-markers.ts'
import type { HuffmanTable } from './jpeg-huffman.ts'
import type { Segment } from './jpeg-segments.ts'

/** Encoders write about ten; for each scan the decoder processes all coefficients again. */
const maximumScans = 100
/** Each block of a component has this many coefficients. */
const coefficientCount = 64
/** Class of the tables for all coefficients but the first, in DHT segments. */
const acClass = 0x10
/** Marks a coefficient that no scan has held yet. */
const unseen = 0xff
/** Ss, Se, Ah and Al of the only scan that a sequential image may have (ITU-T T.81, table B.3). */
const sequentialParameters = Buffer.from([0, 63, 0])

interface Component {
  id: number
  /** Sampling factors. */
  across: number
  down: number
  /** For each coefficient, the number of its low bits that are still missing; 0 if it is complete, `unseen` if no scan held it. */
  missingBits: Uint8Array
}

export interface Frame {
  width: number
  height: number
  components: Component[]
  isSequential: boolean
  isProgressive: boolean
  /** True if the pixels are in Huffman codes that `copySequentialScan` can follow. */
  isHuffman: boolean
  /** Largest sampling factors. */
  widest: number
  highest: number
  coefficientBytes: number
}

/** A scan whose end only a decoder knows; `end` is the position of the marker that follows, `next` its code. */
export interface Scan {
  end: number
  next: number | undefined
}

export interface ScanWalk {
  cursor: Cursor
  plan: DerivativePlan
  frame: Frame | undefined
  scanCount: number
  scans: Scan[]
  huffmanTables: Map<number, HuffmanTable>
  restartInterval: number
  hasSeparateScans: boolean
}

/** @throws {ImageError} */
export async function readFrame (walk: ScanWalk, { code, start, end }: Segment): Promise<void> {
  const { cursor } = walk
  await cursor.need(end - cursor.position)
  if (walk.frame !== undefined || end - start < 10) throw broken('has two headers, or a header that is too short')
  cursor.skip(1)
  const height = cursor.uint16()
  const width = cursor.uint16()
  checkSize(width, height)
  const componentCount = cursor.byte()
  if (end - start !== 10 + 3 * componentCount) throw broken('has a header with a wrong length')
  const samples = Array.from({ length: componentCount }, () => {
    const id = cursor.byte()
    const factors = cursor.byte()
    cursor.skip(1)
    return { id, across: factors >> 4, down: factors & 15 }
  })
  const widest = Math.max(...samples.map(({ across }) => across))
  const highest = Math.max(...samples.map(({ down }) => down))
  const pixelSamples = samples.reduce((sum, { across, down }) => sum + across * down, 0) / (widest * highest)
  walk.frame = {
    width,
    height,
    components: samples.map((sample) => ({ ...sample, missingBits: new Uint8Array(coefficientCount).fill(unseen) })),
    // C0 and C1 have Huffman codes, C9 arithmetic codes.
    isSequential: [0xc0, 0xc1, 0xc9].includes(code),
    isProgressive: [2, 6, 10, 14].includes(code & 15),
    isHuffman: code === 0xc0 || code === 0xc1,
    widest,
    highest,
    // Each sample has a coefficient of two bytes.
    coefficientBytes: width * height * pixelSamples * 2
  }
}

/**
 * Reads a scan up to the marker after it, or to the end of the file. A sequential scan always holds all coefficients, so decoders
 * ignore its parameters but warn if they are wrong. Some cameras write zeros; the plan corrects them.
 * @throws {ImageError}
 */
export async function readScan (walk: ScanWalk, { start, end }: Segment): Promise<void> {
  const { cursor, plan, frame } = walk
  if (frame === undefined) throw broken('has no header before its pixels')
  await cursor.need(end - cursor.position)
  const head = cursor.rest().subarray(0, end - cursor.position)
  const componentCount = head.readUInt8(0)
  if (head.length !== 1 + 2 * componentCount + sequentialParameters.length) throw broken('has a scan with a wrong length')
  if (++walk.scanCount > maximumScans) throw broken('has more scans than any camera or program writes')
  if (componentCount < frame.components.length) walk.hasSeparateScans = true
  const parameters = Buffer.from(head.subarray(-sequentialParameters.length))
  if (frame.isSequential && !parameters.equals(sequentialParameters)) {
    plan.copy(start, end - sequentialParameters.length)
    plan.insert(sequentialParameters)
    sequentialParameters.copy(parameters)
  } else plan.copy(start, end)
  const selectors = Array.from({ length: componentCount }, (_, index) => ({
    id: head.readUInt8(1 + 2 * index), tables: head.readUInt8(2 + 2 * index)
  }))
  const components = findComponents(frame, selectors.map(({ id }) => id))
  const [first, last, missingBits] = [parameters.readUInt8(0), parameters.readUInt8(1), parameters.readUInt8(2) & 15]
  cursor.position = end
  const scan: SequentialScan = {
    ...frame,
    restartInterval: walk.restartInterval,
    components: components.map(({ across, down }, index) => {
      const tables = Number(selectors[index]?.tables)
      return { across, down, dc: tables >> 4, ac: acClass | (tables & 15) }
    })
  }
  const tables = frame.isHuffman ? findTables(scan, walk.huffmanTables) : undefined
  if (tables === undefined) await copyToMarker(walk)
  else await copySequentialScan(walk, scan, tables)
  for (const component of components) component.missingBits.fill(missingBits, first, last + 1)
}

/** Some encoders give all components the same number, so a scan of all components has them in the order of the header. */
function findComponents ({ components }: Frame, ids: number[]): Component[] {
  if (ids.length === components.length) return components
  return ids.flatMap((id) => components.filter((component) => component.id === id).slice(0, 1))
}

/** True if the scans up to here hold every coefficient of the image in full. What follows them does not change the picture. */
export function isComplete ({ frame }: ScanWalk): boolean {
  return frame !== undefined && frame.components.every(({ missingBits }) => missingBits.every((bits) => bits === 0))
}

/** Copies entropy-coded data up to the next marker that is not a restart, or to the end of the file. */
async function copyToMarker ({ cursor, plan, scans }: ScanWalk): Promise<void> {
  const { byteCount } = cursor.source
  const start = cursor.position
  let at: number | undefined
  while (at === undefined && byteCount - cursor.position >= 2) {
    await cursor.needMuch(2, byteCount)
    const bytes = cursor.rest()
    at = findMarker(bytes, isRestart)
    // The last byte of the window may be the first half of a marker.
    cursor.skip(at ?? bytes.length - 1)
  }
  const next = at === undefined ? undefined : cursor.rest()[1]
  // A last 0xFF is half an end marker.
  if (at === undefined && cursor.rest()[0] !== 0xff) cursor.skip(1)
  plan.copy(start, cursor.position)
  scans.push({ end: cursor.position, next })
}
