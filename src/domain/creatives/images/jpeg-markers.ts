import type { Cursor } from './cursor.ts'
import type { DerivativePlan } from './derivative-plan.ts'

export interface MarkerWalk {
  cursor: Cursor
  plan: DerivativePlan
}

export function isRestart (code: number): boolean {
  return (code & 0xf8) === 0xd0
}

/** Returns the offset of the next 0xFF that begins a marker; two bytes of data, or filling before a marker, look similar. */
export function findMarker (bytes: Buffer, isData: (code: number) => boolean = () => false): number | undefined {
  for (let at = bytes.indexOf(0xff); at !== -1 && at < bytes.length - 1; at = bytes.indexOf(0xff, at + 1)) {
    const code = bytes.readUInt8(at + 1)
    if (code !== 0 && code !== 0xff && !isData(code)) return at
  }
  return undefined
}

/**
 * Moves behind the next marker and returns its code. Any number of 0xFF may precede it; decoders skip other bytes, with a warning.
 * @throws {ImageError} at the end of the file
 */
export async function nextMarker ({ cursor, plan }: MarkerWalk): Promise<number> {
  for (;;) {
    const left = cursor.source.byteCount - cursor.position
    await cursor.need(Math.max(1, Math.min(2, left)))
    const bytes = cursor.rest()
    const at = findMarker(bytes)
    // The last byte of the window may be the first half of a marker.
    const skipped = bytes.subarray(0, at ?? (bytes.length === left ? left : -1))
    if (skipped.some((byte) => byte !== 0xff)) plan.removed.add('application_data')
    cursor.skip(skipped.length)
    if (at === undefined) continue
    cursor.skip(1)
    return cursor.byte()
  }
}
