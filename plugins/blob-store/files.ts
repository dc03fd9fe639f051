import { createHash, randomBytes } from 'node:crypto'
import { constants, createReadStream } from 'node:fs'
import { copyFile, link, mkdir, open, opendir, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { orUnavailable } from '../../src/storage-errors.ts'
import type { BlobFile, BlobInfo, BlobKey, BlobStore, ByteRange } from './contract.ts'
import { checkKey, isBlobKey } from './keys.ts'
import { clampRange } from './ranges.ts'

/** Keeps blobs as files in 256 folders, so that none grows huge. Uploads are staged on the same file system, so that putting one is a link. */
export async function createFileBlobs (folder: string): Promise<BlobStore> {
  const stagingFolder = path.join(folder, 'staging')
  await mkdir(stagingFolder, { recursive: true, mode: 0o700 })
  const temporaryFile = () => path.join(stagingFolder, randomBytes(16).toString('hex'))

  function placeOf (key: BlobKey): string {
    checkKey(key)
    return path.join(folder, key.slice(0, 2), key)
  }

  /** A folder whose file system was taken away has no blobs either, but they are not gone. */
  async function ifMissing (error: NodeJS.ErrnoException): Promise<undefined> {
    if (error.code !== 'ENOENT') throw error
    await stat(stagingFolder)
  }

  async function put (place: string, file: BlobFile): Promise<void> {
    const subfolder = path.dirname(place)
    if (await mkdir(subfolder, { recursive: true, mode: 0o700 }) !== undefined) await sync(folder)
    await sync(file.path, file.byteCount)
    // A link, unlike a rename, refuses to replace what is there.
    await link(file.path, place).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code === 'EXDEV') await linkCopy(file, place)
      else await ifPresent(error, place, file)
    })
    await sync(subfolder)
  }

  /** The file lies on another file system. */
  async function linkCopy (file: BlobFile, place: string): Promise<void> {
    const copy = temporaryFile()
    try {
      await copyFile(file.path, copy, constants.COPYFILE_EXCL)
      await sync(copy, file.byteCount)
      await link(copy, place).catch(async (error: NodeJS.ErrnoException) => { await ifPresent(error, place, file) })
    } finally {
      await rm(copy, { force: true })
    }
  }

  async function openFile (place: string, range: ByteRange | undefined) {
    const handle = await open(place, 'r').catch(ifMissing)
    if (handle === undefined) return undefined
    const { size } = await handle.stat()
    const part = range === undefined ? undefined : clampRange(range, size)
    const stream = handle.createReadStream(part)
    return { stream, byteCount: part === undefined ? size : part.end - part.start + 1 }
  }

  async function infoOf (key: BlobKey): Promise<BlobInfo | undefined> {
    const found = await stat(placeOf(key)).catch(ifMissing)
    return found === undefined ? undefined : { key, byteCount: found.size, storedAt: found.mtime }
  }

  return {
    kind: 'file',
    stagingFolder,
    async put (key, file) { await orUnavailable(put(placeOf(key), file)) },
    async open (key, range) { return await orUnavailable(openFile(placeOf(key), range)) },
    async head (key) { return await orUnavailable(infoOf(key)) },
    async delete (key) { await orUnavailable(rm(placeOf(key)).catch(ifMissing)) },
    listOlderThan: () => { throw new Error() },

    /** Writes a byte: what a full or read-only file system refuses and a look at it does not tell. */
    async check () {
      const probe = temporaryFile()
      await orUnavailable(writeFile(probe, '.', { flag: 'wx', mode: 0o600 }).finally(() => rm(probe, { force: true })))
    }
  }
}
