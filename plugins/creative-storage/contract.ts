import type { Readable } from 'node:stream'

/** An image that has arrived whole but is not in its place yet. */
export interface StagedFile {
  byteCount: number
  sha256: Buffer
  /** Its first bytes, enough to tell its type. */
  head: Buffer
  /** Puts it into its place, all at once, and never over another file. */
  commit (key: string): Promise<void>
  /** Throws it away; harmless after a commit. */
  discard (): Promise<void>
}

export interface StageOptions {
  /** Called once, as soon as the first bytes are there; what it throws ends the staging. */
  onHead? (head: Buffer): void
}

/** Keeps the bytes of creatives. What cannot be written or read is an `UnavailableError`; what the source throws passes through. */
export interface CreativeStorage {
  /** A new random key: nothing of it comes from a client. */
  createKey (): string
  /** Receives a stream with bounded memory, counting and hashing on the way; on any error nothing is left. */
  stage (source: Readable, options?: StageOptions): Promise<StagedFile>
  /** The bytes, or `undefined` when there is no such file. */
  open (key: string): Promise<{ stream: Readable, byteCount: number } | undefined>
  delete (key: string): Promise<void>
}
