import { createHash, randomBytes } from 'node:crypto'
import { constants, createReadStream } from 'node:fs'
import { copyFile, link, mkdir, open, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { orUnavailable } from '../../../src/http/storage-errors.ts'
import type { BlobFile, BlobInfo, BlobKey, BlobStore, ByteRange } from './contract.ts'
import { walkFiles } from './file-walk.ts'
import { checkKey } from '../../../src/domain/creatives/blob-key.ts'
import { wholeBody } from './whole-body.ts'

/** A disk that is slower is as good as gone. */
const idleMs = 5000

/**
 * Keeps blobs as files in 256 folders, so that none grows huge. Uploads are staged on the same file system, so that
 * putting one is a link.
 */
export async function createFileBlobs (folder: string): Promise<BlobStore> {
  const stagingFolder = path.join(folder, 'staging')
  const temporaryFile = () => path.join(stagingFolder, randomBytes(16).toString('hex'))
  await mkdir(stagingFolder, { recursive: true, mode: 0o700 })

  function placeOf (key: BlobKey): string {
    checkKey(key)
    return path.join(folder, key.slice(0, 2), key)
  }

  /** In a folder whose file system was taken away there are no blobs either, but they are not gone. */
  async function ifMissing (error: NodeJS.ErrnoException): Promise<undefined> {
    if (error.code !== 'ENOENT') throw error
    await stat(stagingFolder)
  }

  async function put (place: string, file: BlobFile): Promise<void> {
    const subfolder = path.dirname(place)
    if (await mkdir(subfolder, { recursive: true, mode: 0o700 }) !== undefined) await syncFolder(folder)
    await finish(file.path, file)
    try {
      await linkOnce(file.path, place, file)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error
      await putCopy(place, file)
    }
    await syncFolder(subfolder)
  }

  /** Of a file that lies on another file system. */
  async function putCopy (place: string, file: BlobFile): Promise<void> {
    const copy = temporaryFile()
    try {
      await copyFile(file.path, copy, constants.COPYFILE_EXCL)
      await finish(copy, file)
      await linkOnce(copy, place, file)
    } finally {
      await rm(copy, { force: true })
    }
  }

  async function openFile (place: string, range: ByteRange | undefined) {
    const handle = await open(place, 'r').catch(ifMissing)
    if (handle === undefined) return undefined
    try {
      const { size } = await handle.stat()
      if (range !== undefined && range.end >= size) throw new RangeError(`the range ends beyond the ${size} bytes of the blob`)
      const byteCount = range === undefined ? size : range.end - range.start + 1
      return { byteCount, stream: wholeBody(handle.createReadStream(range), { byteCount, idleMs }) }
    } catch (error) {
      await handle.close()
      throw error
    }
  }

  async function infoOf (key: BlobKey, place: string): Promise<BlobInfo | undefined> {
    const found = await stat(place).catch(ifMissing)
    return found === undefined ? undefined : { key, byteCount: found.size, storedAt: found.mtime }
  }

  return {
    kind: 'file',
    stagingFolder,
    async put (key, file) { await orUnavailable(put(placeOf(key), file)) },
    async open (key, range) { return await orUnavailable(openFile(placeOf(key), range)) },
    async head (key) { return await orUnavailable(infoOf(key, placeOf(key))) },
    async delete (key) { await orUnavailable(rm(placeOf(key)).catch(ifMissing)) },
    listOlderThan: (moment) => walkFiles(folder, moment),

    /** Writes a byte: only that shows a full or read-only file system. */
    async check () {
      const probe = temporaryFile()
      await orUnavailable(writeFile(probe, '.', { flag: 'wx', mode: 0o600 }).finally(() => rm(probe, { force: true })))
    }
  }
}

/** On disk before it has its name; its time is that of the storing, not of the writing. */
async function finish (file: string, { byteCount }: BlobFile): Promise<void> {
  const handle = await open(file, 'r+')
  try {
    const { size } = await handle.stat()
    if (size !== byteCount) throw new Error(`the file has ${size} bytes instead of ${byteCount}`)
    const now = new Date()
    await handle.chmod(0o600)
    await handle.utimes(now, now)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** A link, unlike a rename, refuses to replace what is there. */
async function linkOnce (file: string, place: string, { sha256 }: BlobFile): Promise<void> {
  try {
    await link(file, place)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    const hash = createHash('sha256')
    await pipeline(createReadStream(place), hash)
    if (!hash.digest().equals(sha256)) throw new Error('another blob has this key', { cause: error })
  }
}

/** A new name lasts through a power cut only when its folder was written too. */
async function syncFolder (folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  await handle.sync().finally(() => handle.close())
}
