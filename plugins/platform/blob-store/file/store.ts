import { createHash, randomBytes } from 'node:crypto'
import { constants, createReadStream } from 'node:fs'
import { copyFile, link, mkdir, open, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { orUnavailable } from '../../../../src/http/errors.ts'
import type { ByteRange } from '../../../../src/http/byte-range.ts'
import type { BlobFile, BlobInfo, BlobKey, BlobStore } from '../contract.ts'
import { walkFiles } from './walk.ts'
import { checkKey } from '../../../../src/domain/creatives/blob-key.ts'
import { wholeBody } from '../whole-body.ts'

/** Longest wait for the next bytes of a file: a slower disk counts as failed. */
const idleMs = 5000

/**
 * Stores blobs as files in 256 subfolders, so that no folder becomes huge. Uploads are staged on the same file system, so that
 * putting one is a hard link.
 */
export async function createFileBlobs (folder: string): Promise<BlobStore> {
  const stagingFolder = path.join(folder, 'staging')
  const temporaryFile = () => path.join(stagingFolder, randomBytes(16).toString('hex'))
  await mkdir(stagingFolder, { recursive: true, mode: 0o700 })

  function toPath (key: BlobKey): string {
    checkKey(key)
    return path.join(folder, key.slice(0, 2), key)
  }

  /** Maps a missing file to `undefined`, but fails if the staging folder is missing too: then the file system is not mounted. */
  async function ifMissing (error: NodeJS.ErrnoException): Promise<undefined> {
    if (error.code !== 'ENOENT') throw error
    await stat(stagingFolder)
  }

  async function put (target: string, file: BlobFile): Promise<void> {
    const subfolder = path.dirname(target)
    if (await mkdir(subfolder, { recursive: true, mode: 0o700 }) !== undefined) await syncFolder(folder)
    await finish(file.path, file)
    try {
      await linkOnce(file.path, target, file)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error
      await putCopy(target, file)
    }
    await syncFolder(subfolder)
  }

  /** Puts a file from another file system, by a copy in the staging folder. */
  async function putCopy (target: string, file: BlobFile): Promise<void> {
    const copy = temporaryFile()
    try {
      await copyFile(file.path, copy, constants.COPYFILE_EXCL)
      await finish(copy, file)
      await linkOnce(copy, target, file)
    } finally {
      await rm(copy, { force: true })
    }
  }

  async function openFile (target: string, range: ByteRange | undefined) {
    const handle = await open(target, 'r').catch(ifMissing)
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

  async function findInfo (key: BlobKey, target: string): Promise<BlobInfo | undefined> {
    const found = await stat(target).catch(ifMissing)
    return found === undefined ? undefined : { key, byteCount: found.size, storedAt: found.mtime }
  }

  return {
    kind: 'file',
    stagingFolder,
    async put (key, file) { await orUnavailable(put(toPath(key), file)) },
    async open (key, range) { return await orUnavailable(openFile(toPath(key), range)) },
    async head (key) { return await orUnavailable(findInfo(key, toPath(key))) },
    async delete (key) { await orUnavailable(rm(toPath(key)).catch(ifMissing)) },
    listOlderThan: (moment) => walkFiles(folder, moment),

    /** Writes one byte, because only a write detects a full or read-only file system. */
    async check () {
      const probe = temporaryFile()
      await orUnavailable(writeFile(probe, '.', { flag: 'wx', mode: 0o600 }).finally(() => rm(probe, { force: true })))
    }
  }
}

/** Syncs a file before it gets its name, and sets its time to the moment of storing. */
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

/** Links a file. A link never replaces an existing file, as a rename would. */
async function linkOnce (file: string, target: string, { sha256 }: BlobFile): Promise<void> {
  try {
    await link(file, target)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    const hash = createHash('sha256')
    await pipeline(createReadStream(target), hash)
    if (!hash.digest().equals(sha256)) throw new Error('another blob has this key', { cause: error })
  }
}

/** Syncs a folder: only then does a new name survive a power failure. */
async function syncFolder (folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  await handle.sync().finally(() => handle.close())
}
