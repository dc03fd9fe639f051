import type { Readable } from 'node:stream'
import type { BlobKey } from '../../../src/domain/creatives/blob-key.ts'
import type { ByteRange } from '../../../src/http/byte-range.ts'

export type { BlobKey }

/** A complete file on the local file system. */
export interface LocalFile {
  path: string
  byteCount: number
  sha256: Buffer
}

/** A file to put into the store. */
export interface BlobFile extends LocalFile {
  contentType: string
}

export interface BlobInfo {
  key: BlobKey
  byteCount: number
  storedAt: Date
}

/**
 * Stores blobs, each of which is written once and never changes. Every failure is an `UnavailableError`, also within a few
 * seconds if the store hangs.
 */
export interface BlobStore {
  /** `file` or `s3`, for logs and metrics. */
  readonly kind: string
  /** Folder where uploads wait until they are put; the file driver has it on its own file system. */
  readonly stagingFolder: string
  /**
   * Puts a file durably and atomically, and never replaces a blob. Putting the same bytes again succeeds; other bytes are an
   * `UnavailableError`. The file itself stays; nobody may write to it afterwards, because it may be a link to the blob.
   */
  put (key: BlobKey, file: BlobFile): Promise<void>
  /**
   * Opens a blob or a range that lies within it; `byteCount` is the length of the stream. Returns `undefined` if the blob does
   * not exist. The caller must read or destroy the stream; an incomplete one ends with an `UnavailableError`.
   */
  open (key: BlobKey, range?: ByteRange): Promise<{ stream: Readable, byteCount: number } | undefined>
  /** Returns `undefined` if the blob does not exist. */
  head (key: BlobKey): Promise<BlobInfo | undefined>
  /** Deletes a blob, if it exists. */
  delete (key: BlobKey): Promise<void>
  /** Yields all blobs that were stored before this moment, in any order and with bounded memory; foreign names are ignored. */
  listOlderThan (moment: Date): AsyncIterable<BlobInfo>
  /** Rejects if blobs cannot be stored now. */
  check (): Promise<void>
}
