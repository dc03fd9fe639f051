import { Readable } from 'node:stream'
import { UnavailableError } from '../../../src/http/errors.ts'

export interface Expected {
  byteCount: number
  /** Longest wait for the next bytes, without the time that the reader takes to process them. */
  idleMs: number
}

/** Returns a stream of exactly `byteCount` bytes. It fails with an `UnavailableError` if the source is too short, too long or stalls. */
export function wholeBody (source: Readable, expected: Expected): Readable {
  // The source may fail before it is read. Reading then reports the error; without this listener it would be uncaught.
  source.on('error', () => {})
  const body = Readable.from(readWhole(source, expected), { objectMode: false })
  // A generator that waits for bytes cannot be interrupted, so the source is destroyed.
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
    if (missing !== 0) throw new Error(missing > 0 ? `${missing} bytes are missing` : 'there are more bytes than expected')
  } catch (error) {
    throw new UnavailableError('storage', error)
  } finally {
    clearTimeout(timer)
  }
}
