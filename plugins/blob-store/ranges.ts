import type { ByteRange } from './contract.ts'
export function clampRange (range: ByteRange, size: number): ByteRange {
  return { start: range.start, end: Math.min(range.end, size - 1) }
}
