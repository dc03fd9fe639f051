import type { ByteSource } from './cursor.ts'
import type { Span } from './derivative-plan.ts'
import { broken } from './image-error.ts'

/** Data that is stored in several ranges of a file. */
export class ExtentSource implements ByteSource {
  readonly byteCount: number
  readonly #source: ByteSource
  readonly #extents: readonly Span[]

  /** @throws {ImageError} if a range exceeds the file */
  constructor (source: ByteSource, extents: readonly Span[]) {
    if (extents.some(({ end }) => end > source.byteCount)) throw broken('ends before it is complete')
    this.#source = source
    this.#extents = extents
    this.byteCount = extents.reduce((sum, { start, end }) => sum + end - start, 0)
  }

  async read (position: number, length: number, memory = Buffer.allocUnsafe(length)): Promise<Buffer> {
    let passed = 0
    let used = 0
    for (const { start, end } of this.#extents) {
      const from = Math.max(start, start + position + used - passed)
      const count = Math.min(end - from, length - used)
      if (count > 0) {
        await this.#source.read(from, count, memory.subarray(used, used + count))
        used += count
      }
      passed += end - start
    }
    return memory.subarray(0, length)
  }
}
