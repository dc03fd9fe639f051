import { createHash, randomBytes } from 'node:crypto'
import { open, rm, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import type { ByteSource } from '../../../src/domain/creatives/images/cursor.ts'
import type { Recipe } from '../../../src/domain/creatives/images/derivative-plan.ts'
import { UnavailableError } from '../../../src/http/errors.ts'
import type { ImageFile } from './contract.ts'

/** Copied in pieces of this size. */
const copyBytes = 512 * 1024

/** An open file that is read in any place. */
export interface SourceFile extends ByteSource {
  close (): Promise<void>
}

/** @throws {UnavailableError} when it cannot be read, here and later */
export async function openSource (file: string): Promise<SourceFile> {
  const handle = await guard(open(file, 'r'))
  const { size } = await guard(handle.stat())
  return {
    byteCount: size,
    async read (position, length, memory = Buffer.allocUnsafe(length)) {
      const { bytesRead } = await guard(handle.read(memory, 0, length, position))
      if (bytesRead !== length) throw new UnavailableError('storage', new Error('the file became shorter while it was read'))
      return memory.subarray(0, length)
    },
    close: async () => { await handle.close() }
  }
}

/**
 * Writes new files into one folder, each under a random name. Not synced: one that a power cut takes was promised to
 * nobody, and what is stored of it is synced when it is put.
 */
export interface FolderWriter {
  /** Is done with a chunk before it asks for the next. */
  write (chunks: Iterable<Buffer> | AsyncIterable<Buffer>): Promise<ImageFile>
  /** Removes everything that was written. */
  discard (): Promise<void>
}

/** @throws {UnavailableError} from its methods, when the file system does not do its part */
export function createFolderWriter (folder: string): FolderWriter {
  const made: string[] = []
  return {
    async write (chunks) {
      const file = path.join(folder, randomBytes(16).toString('hex'))
      const handle = await guard(open(file, 'wx', 0o600))
      made.push(file)
      const written = await writeAll(handle, chunks).finally(() => handle.close())
      return { path: file, ...written }
    },
    async discard () {
      await Promise.all(made.map(async (file) => { await rm(file, { force: true }) }))
    }
  }
}

async function writeAll (handle: FileHandle, chunks: Iterable<Buffer> | AsyncIterable<Buffer>): Promise<Omit<ImageFile, 'path'>> {
  const hash = createHash('sha256')
  let byteCount = 0
  for await (const chunk of chunks) {
    hash.update(chunk)
    byteCount += chunk.length
    // It goes on where the last one ended, until all of it is written.
    await guard(handle.writeFile(chunk))
  }
  return { byteCount, sha256: hash.digest() }
}

/** The bytes that a recipe describes, in chunks of one size but the last. Each takes the memory of the one before it. */
export async function * followRecipe ({ pieces }: Recipe, source: SourceFile): AsyncGenerator<Buffer> {
  const chunk = Buffer.allocUnsafe(copyBytes)
  let used = 0
  for (const piece of pieces) {
    let position = Buffer.isBuffer(piece) ? 0 : piece.start
    const end = Buffer.isBuffer(piece) ? piece.length : piece.end
    while (position < end) {
      const length = Math.min(end - position, copyBytes - used)
      if (Buffer.isBuffer(piece)) piece.copy(chunk, used, position, position + length)
      else await source.read(position, length, chunk.subarray(used))
      used += length
      position += length
      if (used < copyBytes) continue
      yield chunk
      used = 0
    }
  }
  yield chunk.subarray(0, used)
}

async function guard<T> (work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw new UnavailableError('storage', error)
  }
}
