import { mkdir } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { DeleteObjectCommand, GetObjectCommand, HeadBucketCommand, HeadObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3'
import { UnavailableError } from '../../../src/http/errors.ts'
import { orUnavailable } from '../../../src/http/storage-errors.ts'
import type { S3Location } from '../../../src/config/storage-url.ts'
import type { BlobFile, BlobInfo, BlobKey, BlobStore, ByteRange } from './contract.ts'
import { checkKey, isBlobKey } from '../../../src/domain/creatives/blob-key.ts'
import { attemptCall, type Call, type Limits } from './s3-attempts.ts'
import { byteCountName, sendFile } from './s3-put.ts'
import { wholeBody } from './whole-body.ts'

export interface S3Limits {
  /** Of calls that carry no file, and of the wait for an image's first byte. */
  ask: Limits
  put: Limits
  /** Longest wait for the next bytes of an image. */
  readIdleMs: number
}

/** A put of 10 MiB in 15 s is 6 Mbit/s; 5 s are for the server to store what it has received. */
const defaultLimits: S3Limits = {
  ask: { idleMs: 2000, deadlineMs: 3000 },
  put: { idleMs: 5000, deadlineMs: 15_000 },
  readIdleMs: 5000
}

export interface S3BlobsOptions {
  client: S3Client
  location: S3Location
  stagingFolder: string
  limits?: S3Limits
}

/**
 * Keeps blobs as objects of a bucket whose reads see what was written before. Each is one PUT, which shows the whole
 * object or nothing.
 */
export async function createS3Blobs ({ client, location, stagingFolder, limits = defaultLimits }: S3BlobsOptions): Promise<BlobStore> {
  const { bucket: Bucket, prefix } = location
  await mkdir(stagingFolder, { recursive: true, mode: 0o700 })
  /** Whether the server knows `If-None-Match` on PUT; those that do not say so. */
  let isConditional = true

  function objectOf (key: BlobKey) {
    checkKey(key)
    return { Bucket, Key: `${prefix}${key}` }
  }

  async function ask<T> (work: (call: Call) => Promise<T>): Promise<T> {
    return await orUnavailable(attemptCall(limits.ask, work))
  }

  async function check (): Promise<void> {
    await ask(async ({ signal }) => await client.send(new HeadBucketCommand({ Bucket }), { abortSignal: signal }))
  }

  async function findObject (key: BlobKey) {
    const object = objectOf(key)
    const found = await ask(async ({ signal }) => await client.send(new HeadObjectCommand(object), { abortSignal: signal }).catch(ifStatus404))
    // Without a body the answer does not tell a missing object from a missing bucket.
    if (found === undefined) await check()
    return found
  }

  /** @throws {UnavailableError} when it is there with other bytes */
  async function isStored (key: BlobKey, file: BlobFile): Promise<boolean> {
    const found = await findObject(key)
    if (found === undefined) return false
    if (found.Metadata?.['sha256'] === file.sha256.toString('hex')) return true
    throw new UnavailableError('storage', new Error('another blob has this key'))
  }

  async function put (key: BlobKey, file: BlobFile): Promise<void> {
    const object = objectOf(key)
    const hasCondition = isConditional
    if (!hasCondition && await isStored(key, file)) return
    const target = hasCondition ? { ...object, IfNoneMatch: '*' } : object
    try {
      await orUnavailable(attemptCall(limits.put, async (call) => { await sendFile(client, file, target, call) }))
    } catch (error) {
      const status = statusOf((error as UnavailableError).cause)
      if (status === 412 && await isStored(key, file)) return
      if (status !== 501 || !hasCondition) throw error
      isConditional = false
      await put(key, file)
    }
  }

  async function open (key: BlobKey, range: ByteRange | undefined) {
    const input = { ...objectOf(key), ...(range === undefined ? {} : { Range: `bytes=${range.start}-${range.end}` }) }
    const answer = await ask(async ({ signal }) => await client.send(new GetObjectCommand(input), { abortSignal: signal }).catch(ifNoSuchKey))
    if (answer === undefined) return undefined
    const stream = answer.Body as Readable
    const byteCount = Number(answer.ContentLength)
    // Objects that came into the bucket by another way have no count of their own.
    const expected = range === undefined ? Number(answer.Metadata?.[byteCountName] ?? byteCount) : range.end - range.start + 1
    if (byteCount === expected) return { byteCount, stream: wholeBody(stream, { byteCount, idleMs: limits.readIdleMs }) }
    stream.destroy()
    throw new UnavailableError('storage', new Error('S3 answered with another number of bytes than it was asked for'))
  }

  async function * listOlderThan (moment: Date): AsyncGenerator<BlobInfo> {
    let token: string | undefined
    do {
      const input = { Bucket, Prefix: prefix, ContinuationToken: token }
      const page = await ask(async ({ signal }) => await client.send(new ListObjectsV2Command(input), { abortSignal: signal }))
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
      const object = objectOf(key)
      await ask(async ({ signal }) => await client.send(new DeleteObjectCommand(object), { abortSignal: signal }).catch(ifNoSuchKey))
    },
    listOlderThan,
    check
  }
}

function statusOf (error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode
}

function ifStatus404 (error: unknown): undefined {
  if (statusOf(error) !== 404) throw error
}

/** A bucket that is missing is a failure. */
function ifNoSuchKey (error: unknown): undefined {
  if ((error as Error).name !== 'NoSuchKey') throw error
}
