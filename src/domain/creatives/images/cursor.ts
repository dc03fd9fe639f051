import { broken } from './problem.ts'

/** A file that can be read in any place. */
export interface ByteSource {
  readonly byteCount: number
  /** Exactly these bytes, all of which the file has: at the start of `memory` where it is given, otherwise in memory of their own. */
  read (position: number, length: number, memory?: Buffer): Promise<Buffer>
}

/** Holds any segment of a JPEG, and is large enough that reads of pixels are few. */
const windowBytes = 128 * 1024
/** Of what is read part by part: a file made of the smallest parts takes some 2 ms for these, and then gives way to others. */
const partsBytes = 16 * 1024

/**
 * Walks over a file through a window. Bytes inside the window are read at once; `fill` moves it, and gives way to others.
 * Each window takes the memory of the one before it: fresh memory for each would bring the collector out once an upload.
 * Hot loops ask `has` first, because awaiting for every byte would cost more than reading it.
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

  /** Whether the window holds the next so many bytes. */
  has (count: number): boolean {
    return this.position + count <= this.#start + this.#window.length
  }

  /** `count` is within a window. @throws {ImageProblem} when the file ends before */
  async fill (count: number): Promise<void> {
    await this.#move(count, Math.max(count, partsBytes))
  }

  /** As `need`, and as much of what ends at `end` as a window holds: for what is passed without a look at each byte. */
  async needMuch (count: number, end: number): Promise<void> {
    if (!this.has(count)) await this.#move(count, Math.min(windowBytes, Math.max(partsBytes, end - this.position)))
  }

  async #move (count: number, wanted: number): Promise<void> {
    const left = this.source.byteCount - this.position
    if (left < count) throw endsEarly()
    this.#start = this.position
    this.#window = await this.source.read(this.position, Math.min(wanted, left), this.#memory)
  }

  async need (count: number): Promise<void> {
    if (!this.has(count)) await this.fill(count)
  }

  /** @throws {ImageProblem} when that is past the end of the file */
  skip (count: number): void {
    this.position += count
    if (this.position > this.source.byteCount) throw endsEarly()
  }

  /** What the window holds from here on, until it is moved. */
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
