import { Readable } from 'node:stream'
import { UnavailableError } from '../../../src/http/errors.ts'

export interface Expected {
  byteCount: number
  /** Longest wait for the next bytes; the time that the reader takes over them does not count. */
  idleMs: number
}

/** A stream of exactly so many bytes: one that is cut, too long or stalls ends with an `UnavailableError`, never as if it were whole. */
export function wholeBody (source: Readable, expected: Expected): Readable {
  // It may break before anybody reads; the reader is told all the same.
  source.on('error', () => {})
  const body = Readable.from(readWhole(source, expected), { objectMode: false })
  // The generator cannot be told to stop while it waits for bytes.
  body.once('close', () => source.destroy())
  return body
}

async function * readWhole (source: Readable, { byteCount, idleMs }: Expected): AsyncGenerator<Buffer> {
  const stop = () => { source.destroy(new Error(`no bytes for ${idleMs} ms`)) }
  let missing = byteCount
  let timer = setTimeout(stop, idleMs)
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      clearTimeout(timer)
      missing -= chunk.length
      if (missing < 0) break
      yield chunk
      timer = setTimeout(stop, idleMs)
    }
    if (missing !== 0) throw new Error(missing > 0 ? `${missing} bytes are missing` : 'there are more bytes than there should be')
  } catch (error) {
    throw new UnavailableError('storage', error)
  } finally {
    clearTimeout(timer)
  }
}
