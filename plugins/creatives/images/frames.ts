import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createInflate } from 'node:zlib'
import type { ByteSource } from '../../../src/domain/creatives/images/cursor.ts'
import type { Span } from '../../../src/domain/creatives/images/derivative-plan.ts'
import { broken } from '../../../src/domain/creatives/images/image-error.ts'
import { countRows, type CompressedFrame } from '../../../src/domain/creatives/images/png-rows.ts'

const readBytes = 64 * 1024

/**
 * Decompresses frames that libvips does not read, and checks their rows. It holds a few blocks of memory, whatever their size.
 * @throws {ImageError} if a frame is damaged or incomplete
 */
export async function checkCompressedFrames (source: ByteSource, frames: CompressedFrame[], signal?: AbortSignal): Promise<void> {
  for (const { data, rows } of frames) {
    signal?.throwIfAborted()
    const counting = async (inflated: AsyncIterable<Buffer>) => { await countRows(inflated, rows) }
    await pipeline(Readable.from(readSpans(source, data)), createInflate(), counting).catch((error: unknown) => {
      const isDamage = error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')
      throw isDamage ? broken('has a frame that is damaged or incomplete') : error
    })
  }
}

async function * readSpans (source: ByteSource, spans: Span[]): AsyncGenerator<Buffer> {
  for (const { start, end } of spans) {
    for (let at = start; at < end; at += readBytes) yield await source.read(at, Math.min(readBytes, end - at))
  }
}
