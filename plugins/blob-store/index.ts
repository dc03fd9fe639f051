import path from 'node:path'
import fp from 'fastify-plugin'
import type { BlobStore } from './contract.ts'
import { createFileBlobs } from './files.ts'

export type { BlobFile, BlobInfo, BlobKey, BlobStore, ByteRange } from './contract.ts'

declare module 'fastify' {
  interface FastifyInstance { blobs: BlobStore }
}

/** Offers `blobs` where STORAGE_URL says: a folder, under DATA_DIR when unset, or a bucket of S3. */
export default fp(async (fastify) => {
  const { config } = fastify
  fastify.decorate('blobs', await createFileBlobs(path.resolve(config.DATA_DIR, 'uploads')))
}, { name: 'blob-store', dependencies: ['health'], fastify: '5.x' })
