import { broken } from './image-error.ts'

/** A box of an ISO base media file (ISO/IEC 14496-12, §4.2) within a buffer; `start` is that of its content. */
export interface Box {
  type: string
  start: number
  /** Exclusive. */
  end: number
}

/** Length and type. */
export const boxHeadBytes = 8

/** Reads big-endian numbers of a part of a buffer. */
export class BoxReader {
  readonly bytes: Buffer
  readonly end: number
  position: number

  constructor (bytes: Buffer, { start, end }: { start: number, end: number }) {
    this.bytes = bytes
    this.position = start
    this.end = end
  }

  /** Moves ahead and returns the position before it. @throws {ImageError} if the part ends earlier */
  skip (count: number): number {
    const before = this.position
    this.position += count
    if (this.position > this.end) throw broken('has a part that is too short')
    return before
  }

  /** Reads a number of up to eight bytes; one of no bytes is zero. Numbers above 2^53 are inexact, and refused as too large later. */
  uint (count: number): number {
    const at = this.skip(count)
    let value = 0
    for (const byte of this.bytes.subarray(at, at + count)) value = value * 256 + byte
    return value
  }

  text (count: number): string {
    const at = this.skip(count)
    return this.bytes.toString('latin1', at, at + count)
  }

  /** Reads a text up to a byte of zero. */
  string (): string {
    const length = this.bytes.subarray(this.position, this.end).indexOf(0)
    if (length === -1) throw broken('has a text without end')
    const text = this.text(length)
    this.skip(1)
    return text
  }

  /** Reads version and flags of a full box. */
  version (): { version: number, flags: number } {
    return { version: this.uint(1), flags: this.uint(3) }
  }
}

/** Yields the boxes that fill a part of a buffer. @throws {ImageError} if one of them exceeds it */
export function * boxesIn (bytes: Buffer, { start, end }: { start: number, end: number }): Generator<Box> {
  for (let at = start; at < end;) {
    const reader = new BoxReader(bytes, { start: at, end })
    const length = reader.uint(4)
    const type = reader.text(4)
    if (length < boxHeadBytes || at + length > end) throw broken('has a part with a wrong length')
    yield { type, start: reader.position, end: at + length }
    at += length
  }
}

export function writeBox (type: string, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents)
  return Buffer.concat([writeUint(boxHeadBytes + content.length, 4), Buffer.from(type, 'latin1'), content])
}

export function writeUint (value: number, byteCount: number): Buffer {
  const bytes = Buffer.alloc(byteCount)
  bytes.writeUIntBE(value, 0, byteCount)
  return bytes
}
