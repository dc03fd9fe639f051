import { randomUUID } from 'node:crypto'
import { DeleteObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'

export type StorageLog = Record<'info' | 'error', (fields: object, text: string) => void>

/** Knows whether the bucket accepts objects, which a request that reads cannot tell: read-only credentials, a full quota. */
export interface WriteCheck {
  /** Called after an object was stored. */
  succeeded (): void
  /** Called after storing an object of this size failed, for whatever reason. */
  failed (byteCount: number): void
  /**
   * Stores a probe and deletes it, unless the latest write succeeded. Concurrent calls share a probe.
   * @throws {Error} of the refused probe
   */
  run (signal: AbortSignal): Promise<void>
}

export interface WriteCheckOptions {
  client: S3Client
  /** Name of the bucket. */
  bucket: string
  /** Prepended to the key of a probe. */
  prefix: string
  log?: StorageLog | undefined
}

/** A full quota may still accept small objects, so the probe is as large as the object that failed, up to this size. */
const maximumProbeBytes = 1_048_576

export function createWriteCheck ({ client, bucket: Bucket, prefix, log }: WriteCheckOptions): WriteCheck {
  let isProven = false
  let isRefused = false
  let probeBytes = 1
  let running: Promise<void> | undefined

  function succeeded (): void {
    if (isRefused) log?.info({}, 'the storage of images accepts writes again')
    isProven = true
    isRefused = false
    probeBytes = 1
  }

  /** The key is new, as that of every blob, and is no blob key, so that no list and no sweep counts it as one. */
  async function probe (signal: AbortSignal): Promise<void> {
    const object = { Bucket, Key: `${prefix}write-check-${randomUUID()}` }
    try {
      await client.send(new PutObjectCommand({ ...object, Body: Buffer.alloc(probeBytes) }), { abortSignal: signal })
    } catch (error) {
      if (!isRefused) log?.error({ err: error }, 'the storage of images refuses writes')
      isRefused = true
      throw error
    }
    succeeded()
    await client.send(new DeleteObjectCommand(object), { abortSignal: signal })
      .catch((error: unknown) => { log?.error({ err: error, key: object.Key }, 'the storage of images does not delete a probe') })
  }

  return {
    succeeded,
    failed (byteCount) {
      isProven = false
      probeBytes = Math.max(probeBytes, Math.min(byteCount, maximumProbeBytes))
    },
    async run (signal) {
      if (isProven) return
      running ??= probe(signal).finally(() => { running = undefined })
      await running
    }
  }
}
