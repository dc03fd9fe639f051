import { createHash, randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import type { Test } from 'tap'
import type { BlobFile, BlobInfo, BlobKey, BlobStore } from '../../../plugins/platform/blob-store/index.ts'
import type { ByteRange } from '../../../src/http/byte-range.ts'
import type { Variant } from '../../../src/domain/creatives/image.ts'

/** Opens an empty store that no other test uses. */
export type OpenStore = (t: Test) => Promise<BlobStore>

export const unavailable = { code: 'CHR_UNAVAILABLE', dependency: 'storage' }

export const createKey = (variant: Variant = 'original'): BlobKey => `${randomBytes(16).toString('hex')}.${variant}`

/** Writes a file into the staging folder, as an upload does. */
export async function writeBlob (store: BlobStore, bytes: Buffer, folder = store.stagingFolder): Promise<BlobFile> {
  const file = path.join(folder, randomBytes(16).toString('hex'))
  await writeFile(file, bytes)
  return { path: file, byteCount: bytes.length, sha256: createHash('sha256').update(bytes).digest(), contentType: 'image/png' }
}

export async function putBytes (store: BlobStore, bytes: Buffer, key = createKey()): Promise<BlobKey> {
  await store.put(key, await writeBlob(store, bytes))
  return key
}

export async function readBlob (store: BlobStore, key: BlobKey, range?: ByteRange): Promise<Buffer | undefined> {
  const blob = await store.open(key, range)
  if (blob === undefined) return undefined
  const bytes = await buffer(blob.stream)
  if (bytes.length !== blob.byteCount) throw new Error(`${bytes.length} bytes instead of ${blob.byteCount}`)
  return bytes
}

export async function listBlobs (store: BlobStore, moment = new Date(Date.now() + 3_600_000)): Promise<BlobInfo[]> {
  const found: BlobInfo[] = []
  for await (const info of store.listOlderThan(moment)) found.push(info)
  return found
}
