import { mkdir } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import {
  DeleteObjectCommand, GetObjectCommand, HeadBucketCommand, HeadObjectCommand, ListObjectsV2Command, type S3Client
} from '@aws-sdk/client-s3'
import { UnavailableError, orUnavailable } from '../../../../src/http/errors.ts'
import type { DependencyTimeouts } from '../../../../src/config/timeouts.ts'
import type { S3Location } from '../../../../src/config/storage-url.ts'
import { checkKey, isBlobKey } from '../../../../src/domain/creatives/blob-key.ts'
import type { ByteRange } from '../../../../src/http/byte-range.ts'
import type { BlobFile, BlobInfo, BlobKey, BlobStore } from '../contract.ts'
import { attemptCall, type Call, type Limits } from './attempts.ts'
import { mayRefuseCondition } from './condition.ts'
import { byteCountName, sendFile, type PutTarget } from './put.ts'
import { createWriteCheck, type StorageLog } from './write-check.ts'
import { wholeBody } from '../whole-body.ts'

export interface S3Limits {
  /** Limits of calls without a file, and of the wait for the first byte of an image. */
  request: Limits
  put: Limits
  /** Longest wait for the next bytes of an image. */
  readIdleMs: number
}

/**
 * A file of the default `UPLOAD_MAX_BYTES` needs 6 Mbit/s to arrive in 15 s. The idle limit includes the time in which the
 * server stores it.
 */
export function createLimits ({ storageIdleMs, storageMs }: DependencyTimeouts): S3Limits {
  return { request: { idleMs: storageIdleMs, deadlineMs: storageMs }, put: { idleMs: 5000, deadlineMs: 15_000 }, readIdleMs: 5000 }
}

export interface S3BlobsOptions {
  client: S3Client
  location: S3Location
  stagingFolder: string
  limits: S3Limits
  log?: StorageLog
}

/**
 * Stores blobs as objects of a bucket with read-after-write consistency. Each blob is one PUT, which creates the whole object
 * or nothing.
 */
export async function createS3Blobs ({ client, location, stagingFolder, limits, log }: S3BlobsOptions): Promise<BlobStore> {
  const { bucket: Bucket, prefix } = location
  await mkdir(stagingFolder, { recursive: true, mode: 0o700 })
  /** Whether the server supports `If-None-Match` on PUT, as far as is known. */
  let isConditional = true
  const writeCheck = createWriteCheck({ client, bucket: Bucket, prefix, log })

  function toObject (key: BlobKey) {
    checkKey(key)
    return { Bucket, Key: `${prefix}${key}` }
  }

  async function request<T> (work: (call: Call) => Promise<T>): Promise<T> {
    return await orUnavailable(attemptCall(limits.request, work))
  }

  async function checkBucket (): Promise<void> {
    await request(async ({ signal }) => await client.send(new HeadBucketCommand({ Bucket }), { abortSignal: signal }))
  }

  async function check (): Promise<void> {
    await checkBucket()
    await request(async ({ signal }) => { await writeCheck.run(signal) })
  }

  async function findObject (key: BlobKey) {
    const object = toObject(key)
    const found = await request(async ({ signal }) => await client.send(new HeadObjectCommand(object), { abortSignal: signal })
      .catch(ifStatus404))
    // A HEAD response has no body, so it does not distinguish a missing object from a missing bucket.
    if (found === undefined) await checkBucket()
    return found
  }

  /** @throws {UnavailableError} if an object with other bytes has this key */
  async function isStored (key: BlobKey, file: BlobFile): Promise<boolean> {
    const found = await findObject(key)
    if (found === undefined) return false
    if (found.Metadata?.['sha256'] === file.sha256.toString('hex')) return true
    throw new UnavailableError('storage', new Error('another blob has this key'))
  }

  async function send (file: BlobFile, target: PutTarget): Promise<void> {
    try {
      await orUnavailable(attemptCall(limits.put, async (call) => { await sendFile(client, file, target, call) }))
      writeCheck.succeeded()
    } catch (error) {
      writeCheck.failed(file.byteCount)
      throw error
    }
  }

  async function put (key: BlobKey, file: BlobFile): Promise<void> {
    if (!isConditional) return await putUnconditionally(key, file)
    try {
      await send(file, { ...toObject(key), IfNoneMatch: '*' })
    } catch (error) {
      const { cause } = error as UnavailableError
      if (getStatus(cause) === 412 && await isStored(key, file)) return writeCheck.succeeded()
      if (!mayRefuseCondition(cause)) throw error
      await putUnconditionally(key, file)
      // The server has accepted the same PUT without the header, so the header was the reason.
      isConditional = false
    }
  }

  /** For servers without `If-None-Match`: looks for the object first, so that only a race could replace it. */
  async function putUnconditionally (key: BlobKey, file: BlobFile): Promise<void> {
    if (!await isStored(key, file)) await send(file, toObject(key))
  }

  async function open (key: BlobKey, range: ByteRange | undefined) {
    const input = { ...toObject(key), ...(range === undefined ? {} : { Range: `bytes=${range.start}-${range.end}` }) }
    const response = await request(async ({ signal }) => await client.send(new GetObjectCommand(input), { abortSignal: signal })
      .catch(ifNoSuchKey))
    if (response === undefined) return undefined
    const stream = response.Body as Readable
    const byteCount = Number(response.ContentLength)
    // Objects that another program has put have no such metadata.
    const expected = range === undefined ? Number(response.Metadata?.[byteCountName] ?? byteCount) : range.end - range.start + 1
    if (byteCount === expected) return { byteCount, stream: wholeBody(stream, { byteCount, idleMs: limits.readIdleMs }) }
    stream.destroy()
    throw new UnavailableError('storage', new Error('S3 returned another number of bytes than requested'))
  }

  async function * listOlderThan (moment: Date): AsyncGenerator<BlobInfo> {
    let token: string | undefined
    do {
      const input = { Bucket, Prefix: prefix, ContinuationToken: token }
      const page = await request(async ({ signal }) => await client.send(new ListObjectsV2Command(input), { abortSignal: signal }))
      for (const { Key, Size, LastModified } of page.Contents ?? []) {
        const key = String(Key).slice(prefix.length)
        const storedAt = new Date(Number(LastModified))
        if (isBlobKey(key) && Key === `${prefix}${key}` && storedAt < moment) yield { key, byteCount: Number(Size), storedAt }
      }
      token = page.NextContinuationToken
    } while (token !== undefined)
  }

  return {
    kind: 's3',
    stagingFolder,
    put,
    open,
    async head (key) {
      const found = await findObject(key)
      if (found === undefined) return undefined
      return { key, byteCount: Number(found.ContentLength), storedAt: new Date(Number(found.LastModified)) }
    },
    async delete (key) {
      const object = toObject(key)
      await request(async ({ signal }) => await client.send(new DeleteObjectCommand(object), { abortSignal: signal }).catch(ifNoSuchKey))
    },
    listOlderThan,
    check
  }
}

function getStatus (error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode
}

function ifStatus404 (error: unknown): undefined {
  if (getStatus(error) !== 404) throw error
}

/** Only a missing object maps to `undefined`; a missing bucket is a failure. */
function ifNoSuchKey (error: unknown): undefined {
  if ((error as Error).name !== 'NoSuchKey') throw error
}
