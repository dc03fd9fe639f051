import { createHash, randomBytes } from 'node:crypto'
import { open, rm, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import type { ByteSource } from '../../../src/domain/creatives/images/cursor.ts'
import type { DerivativePlan } from '../../../src/domain/creatives/images/derivative-plan.ts'
import { UnavailableError, orUnavailable } from '../../../src/http/errors.ts'
import type { LocalFile } from '../../platform/blob-store/contract.ts'

/** Size of the chunks in which files are copied. */
const copyBytes = 512 * 1024

/** An open file with random access. */
export interface SourceFile extends ByteSource {
  close (): Promise<void>
}

/** @throws {UnavailableError} if the file cannot be opened; its methods too if it cannot be read */
export async function openSource (file: string): Promise<SourceFile> {
  const handle = await orUnavailable(open(file, 'r'))
  const { size } = await orUnavailable(handle.stat())
  return {
    byteCount: size,
    async read (position, length, memory = Buffer.allocUnsafe(length)) {
      const { bytesRead } = await orUnavailable(handle.read(memory, 0, length, position))
      if (bytesRead !== length) throw new UnavailableError('storage', new Error('the file became shorter while it was read'))
      return memory.subarray(0, length)
    },
    close: async () => { await handle.close() }
  }
}

/**
 * Writes new files into one folder, each under a random name. They are not synced: no response depends on them before the
 * blob store syncs what is put.
 */
export interface FolderWriter {
  /** Consumes each chunk before it requests the next one, so chunks may share a buffer. */
  write (chunks: Iterable<Buffer> | AsyncIterable<Buffer>): Promise<LocalFile>
  /** Removes one written file. */
  remove (file: LocalFile): Promise<void>
  /** Removes all written files. */
  discard (): Promise<void>
}

/** Its methods throw {UnavailableError} if the file system fails. */
export function createFolderWriter (folder: string): FolderWriter {
  const files: string[] = []
  return {
    async write (chunks) {
      const file = path.join(folder, randomBytes(16).toString('hex'))
      const handle = await orUnavailable(open(file, 'wx', 0o600))
      files.push(file)
      const written = await writeAll(handle, chunks).finally(() => handle.close())
      return { path: file, ...written }
    },
    async remove ({ path: file }) { await rm(file, { force: true }) },
    async discard () {
      await Promise.all(files.map(async (file) => { await rm(file, { force: true }) }))
    }
  }
}

async function writeAll (handle: FileHandle, chunks: Iterable<Buffer> | AsyncIterable<Buffer>): Promise<Omit<LocalFile, 'path'>> {
  const hash = createHash('sha256')
  let byteCount = 0
  for await (const chunk of chunks) {
    hash.update(chunk)
    byteCount += chunk.length
    // On a file handle, `writeFile` continues at the current position and writes the whole chunk.
    await orUnavailable(handle.writeFile(chunk))
  }
  return { byteCount, sha256: hash.digest() }
}

/** Yields the bytes of a plan in chunks of equal size except the last. All chunks share one buffer. */
export async function * executePlan ({ pieces }: DerivativePlan, source: SourceFile): AsyncGenerator<Buffer> {
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
