import type { Dirent } from 'node:fs'
import { opendir, stat } from 'node:fs/promises'
import path from 'node:path'
import { UnavailableError } from '../../../../src/http/errors.ts'
import type { BlobInfo } from '../contract.ts'
import { isBlobKey } from '../../../../src/domain/creatives/blob-key.ts'

/** Yields the blobs below a folder that were stored before this moment, one entry at a time. */
export async function * walkFiles (folder: string, moment: Date): AsyncGenerator<BlobInfo> {
  try {
    for await (const entry of await opendir(folder)) {
      if (isSubfolder(entry)) yield * walkSubfolder(folder, entry.name, moment)
    }
  } catch (error) {
    throw new UnavailableError('storage', error)
  }
}

function isSubfolder (entry: Dirent): boolean {
  return entry.isDirectory() && /^[0-9a-f]{2}$/.test(entry.name)
}

async function * walkSubfolder (folder: string, subfolder: string, moment: Date): AsyncGenerator<BlobInfo> {
  for await (const { name } of await opendir(path.join(folder, subfolder))) {
    // A file in the wrong subfolder cannot be opened by its key, so it is not a blob.
    if (!isBlobKey(name) || !name.startsWith(subfolder)) continue
    const found = await stat(path.join(folder, subfolder, name)).catch(ifDeleted)
    if (found?.isFile() === true && found.mtime < moment) yield { key: name, byteCount: found.size, storedAt: found.mtime }
  }
}

function ifDeleted (error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}
