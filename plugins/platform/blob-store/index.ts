import path from 'node:path'
import fp from 'fastify-plugin'
import type { BlobStore } from './contract.ts'
import { createFileBlobs } from './file/store.ts'

export type { BlobFile, BlobInfo, BlobKey, BlobStore, LocalFile } from './contract.ts'

declare module 'fastify' {
  interface FastifyInstance { blobs: BlobStore }
}

/**
 * Offers `blobs` where STORAGE_URL says: a folder, under DATA_DIR when unset, or a bucket of S3. A store that does not
 * answer is logged and does not stop the start, because signing in needs none.
 */
export default fp(async (fastify) => {
  const { config, log } = fastify
  const { location, credentials } = config.storage

  async function open (): Promise<BlobStore> {
    if (location.kind === 'file') return await createFileBlobs(location.folder)
    // The client of S3 costs a start 0.2 s and 40 MB, and who keeps files does not need it.
    const [{ createS3Client }, { createS3Blobs, createLimits }] = await Promise.all([import('./s3/client.ts'), import('./s3/store.ts')])
    const client = createS3Client(location, credentials)
    fastify.addHook('onClose', () => { client.destroy() })
    const { dataDir, timeouts } = config.process
    return await createS3Blobs({ client, location, stagingFolder: path.resolve(dataDir, 'staging'), limits: createLimits(timeouts) })
  }

  const blobs = await open()
  fastify.decorate('blobs', blobs)
  fastify.health.add('storage', async () => { await blobs.check() })
  await blobs.check().catch((error: unknown) => { log.error({ err: error }, 'the storage of images does not answer') })
}, { name: 'blob-store', dependencies: ['health'], fastify: '5.x' })
