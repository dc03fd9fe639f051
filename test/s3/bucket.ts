import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Test } from 'tap'
import { CreateBucketCommand, type S3Client } from '@aws-sdk/client-s3'
import type { BlobStore } from '../../plugins/platform/blob-store/index.ts'
import { createS3Client } from '../../plugins/platform/blob-store/s3/client.ts'
import { createS3Blobs, type S3Limits } from '../../plugins/platform/blob-store/s3/store.ts'
import { loadConfig } from '../../src/config/index.ts'
import { parseStorageUrl, type S3Location } from '../../src/config/storage-url.ts'
import { startS3Server, type S3Server, type S3ServerOptions } from './server.ts'

export const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'the/secret+of=tests', sessionToken: 'session' }

export const credentialsEnv = {
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  AWS_SESSION_TOKEN: credentials.sessionToken
}

export async function startServer (t: Test, options: Partial<S3ServerOptions> = {}): Promise<S3Server> {
  // This folder is outside the folder of the test, because tap empties that one.
  const folder = await mkdtemp(path.join(tmpdir(), 'cheershare-s3-'))
  const server = await startS3Server({ folder, credentials, ...options })
  t.teardown(async () => {
    await server.close()
    await rm(folder, { recursive: true })
  })
  return server
}

export function storageUrl (server: S3Server, { bucket = 'cheershare', prefix = '/images' } = {}): string {
  return `s3://${bucket}${prefix}?endpoint=${encodeURIComponent(server.url)}`
}

export interface OpenBucket { store: BlobStore, client: S3Client, location: S3Location }

/** Creates a bucket, and a store in it with a separate client. */
export async function openBucket (
  t: Test, url: string, options: { env?: Record<string, string | undefined>, limits?: S3Limits } = {}
): Promise<OpenBucket> {
  const location = parseStorageUrl(url)
  if (location.kind !== 's3') throw new Error('not a bucket')
  const client = createS3Client(location, loadConfig(options.env ?? credentialsEnv).storage.credentials)
  t.teardown(() => { client.destroy() })
  const stagingFolder = await mkdtemp(path.join(tmpdir(), 'cheershare-staging-'))
  t.teardown(async () => { await rm(stagingFolder, { recursive: true }) })
  const store = await createS3Blobs({ client, location, stagingFolder, limits: options.limits ?? patientLimits })
  await client.send(new CreateBucketCommand({ Bucket: location.bucket })).catch((error: Error) => {
    if (error.name !== 'BucketAlreadyOwnedByYou') throw error
  })
  return { store, client, location }
}

/** Limits for tests that are not about time, long enough for a busy machine. */
const patientLimits: S3Limits = {
  request: { idleMs: 30_000, deadlineMs: 30_000 },
  put: { idleMs: 30_000, deadlineMs: 30_000 },
  readIdleMs: 30_000
}

/** Limits that are short enough for a test to wait for. */
export const shortLimits: S3Limits = {
  request: { idleMs: 500, deadlineMs: 1500 },
  put: { idleMs: 500, deadlineMs: 1500 },
  readIdleMs: 500
}

/** Starts the fake server, with a patient store in one of its buckets, and an impatient store in the same bucket. */
export async function openFakeServer (
  t: Test, options: Partial<S3ServerOptions> = {}
): Promise<OpenBucket & { server: S3Server, impatient: BlobStore }> {
  const server = await startServer(t, options)
  const { store: impatient } = await openBucket(t, storageUrl(server), { limits: shortLimits })
  return { server, impatient, ...await openBucket(t, storageUrl(server)) }
}
