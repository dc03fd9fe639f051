import { broken } from './image-error.ts'

/** A file with random access. */
export interface ByteSource {
  readonly byteCount: number
  /** Reads exactly these bytes, which must lie within the file, into the start of `memory` if it is given. */
  read (position: number, length: number, memory?: Buffer): Promise<Buffer>
}

/** Larger than any segment of a JPEG, and large enough that few reads are needed for pixels. */
const windowBytes = 128 * 1024
/** Window for reading part by part: with the smallest possible parts it takes about 2 ms before the next read yields. */
const partsBytes = 16 * 1024

/**
 * Reads a file through a window. Bytes inside the window are read synchronously; `fill` moves the window and yields to the
 * event loop. All windows share one buffer: a new buffer per window would trigger a garbage collection per upload.
 * Hot loops call `has` before `fill`, because awaiting for every byte would cost more than reading it.
 */
export class Cursor {
  readonly source: ByteSource
  position: number
  readonly #memory: Buffer
  #window: Buffer = Buffer.alloc(0)
  #start = 0

  constructor (source: ByteSource, position = 0) {
    this.source = source
    this.position = position
    this.#memory = Buffer.allocUnsafe(Math.min(windowBytes, source.byteCount))
  }

  get isAtEnd (): boolean {
    return this.position >= this.source.byteCount
  }

  /** True if the window holds the next `count` bytes. */
  has (count: number): boolean {
    return this.position + count <= this.#start + this.#window.length
  }

  /** Moves the window to the position; `count` is at most the window size. @throws {ImageError} if the file ends earlier */
  async fill (count: number): Promise<void> {
    await this.#move(count, Math.max(count, partsBytes))
  }

  /** Like `need`, but reads as much as fits into the window up to `end`: for data that is skipped or hashed in bulk. */
  async needMuch (count: number, end: number): Promise<void> {
    if (!this.has(count)) await this.#move(count, Math.min(windowBytes, Math.max(partsBytes, end - this.position)))
  }

  async #move (count: number, wanted: number): Promise<void> {
    const left = this.source.byteCount - this.position
    if (left < count) throw endsEarly()
    this.#start = this.position
    this.#window = await this.source.read(this.position, Math.min(wanted, left), this.#memory)
  }

  /** Moves the window unless it holds the next `count` bytes. */
  async need (count: number): Promise<void> {
    if (!this.has(count)) await this.fill(count)
  }

  /** @throws {ImageError} if the new position is past the end of the file */
  skip (count: number): void {
    this.position += count
    if (this.position > this.source.byteCount) throw endsEarly()
  }

  /** The rest of the window; valid until the window moves. */
  rest (): Buffer {
    return this.#window.subarray(this.position - this.#start)
  }

  byte (): number {
    return this.#window.readUInt8(this.position++ - this.#start)
  }

  uint16 (): number {
    this.position += 2
    return this.#window.readUInt16BE(this.position - 2 - this.#start)
  }

  uint32 (): number {
    this.position += 4
    return this.#window.readUInt32BE(this.position - 4 - this.#start)
  }

  text (length: number): string {
    this.position += length
    return this.#window.toString('latin1', this.position - length - this.#start, this.position - this.#start)
  }
}

function endsEarly () {
  return broken('ends before it is complete')
}
