import type { Readable } from 'node:stream'
import type { BlobKey } from '../../../src/domain/creatives/blob-key.ts'

export type { BlobKey }

export interface BlobFile {
  /** On the local file system. */
  path: string
  byteCount: number
  sha256: Buffer
  contentType: string
}

export interface ByteRange {
  /** Both inclusive. */
  start: number
  end: number
}

export interface BlobInfo {
  key: BlobKey
  byteCount: number
  storedAt: Date
}

/**
 * Keeps blobs, each written once and never changed. What cannot be written or read is an `UnavailableError`, within a
 * second or two where the store hangs.
 */
export interface BlobStore {
  /** `file` or `s3`, for logs and metrics. */
  readonly kind: string
  /** Where uploads wait until they are put; for files it is on the store's own file system. */
  readonly stagingFolder: string
  /**
   * Puts a file in its place, durably, all at once, and never over another. Put again, the same bytes are fine, other
   * bytes an `UnavailableError`. The file itself stays; nobody may write to it afterwards, because it may be the blob.
   */
  put (key: BlobKey, file: BlobFile): Promise<void>
  /**
   * The bytes, or a part of them, which must lie within the blob; `byteCount` is that of the stream. `undefined` where
   * there is no such blob. The caller must read or destroy the stream; one that does not come whole ends with an
   * `UnavailableError`.
   */
  open (key: BlobKey, range?: ByteRange): Promise<{ stream: Readable, byteCount: number } | undefined>
  head (key: BlobKey): Promise<BlobInfo | undefined>
  /** Harmless where there is no such blob. */
  delete (key: BlobKey): Promise<void>
  /** Everything that was stored before a moment, in no order, a page at a time and with bounded memory; foreign names are left out. */
  listOlderThan (moment: Date): AsyncIterable<BlobInfo>
  /** Rejects where blobs cannot be stored now. */
  check (): Promise<void>
}
