import path from 'node:path'
import fp from 'fastify-plugin'
import type { BlobStore } from './contract.ts'
import { createFileBlobs } from './file/store.ts'

export type { BlobFile, BlobInfo, BlobKey, BlobStore, LocalFile } from './contract.ts'

declare module 'fastify' {
  interface FastifyInstance { blobs: BlobStore }
}

/** The S3 client adds 0.2 s and 40 MB to a start, so it is loaded only if it is needed. */
async function loadDriver () {
  const { createS3Client } = await import('./s3/client.ts')
  const { createS3Blobs, createLimits } = await import('./s3/store.ts')
  return { createS3Client, createS3Blobs, createLimits }
}

/**
 * Adds the blob store that STORAGE_URL names: a folder or an S3 bucket. A store that does not respond is logged and does not
 * prevent the start, because sign-in does not need it. Close destroys the S3 client.
 */
export default fp(async (fastify) => {
  const { config, log } = fastify
  const { location, credentials } = config.storage

  async function open (): Promise<BlobStore> {
    if (location.kind === 'file') return await createFileBlobs(location.folder)
    const { createS3Client, createS3Blobs, createLimits } = await loadDriver()
    const client = createS3Client(location, credentials, config.outbound)
    fastify.addHook('onClose', () => { client.destroy() })
    const { dataDir, timeouts } = config.process
    return await createS3Blobs({ client, location, stagingFolder: path.resolve(dataDir, 'staging'), limits: createLimits(timeouts), log })
  }

  const blobs = await open()
  fastify.decorate('blobs', blobs)
  fastify.health.add('storage', async () => { await blobs.check() })
  await blobs.check().catch((error: unknown) => { log.error({ err: error }, 'the storage of images does not respond') })
}, { name: 'blob-store', dependencies: ['health'], fastify: '5.x' })
