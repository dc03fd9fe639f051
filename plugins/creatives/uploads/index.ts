import fp from 'fastify-plugin'
import type { Uploads } from './contract.ts'
import { createCreate } from './create.ts'
import { createUploadPipeline } from './pipeline.ts'
import { createReplace } from './replace.ts'

export type { Uploads, UploadForm } from './contract.ts'

declare module 'fastify' {
  interface FastifyInstance { uploads: Uploads }
}

/** Creates creatives from uploads, and replaces their images. */
export default fp(async (fastify) => {
  const pipeline = createUploadPipeline(fastify)
  fastify.decorate('uploads', { create: createCreate(fastify, pipeline), replace: createReplace(fastify, pipeline) })
}, { name: 'uploads', dependencies: ['postgres', 'blob-store', 'image-quota', 'images', 'schedule'], fastify: '5.x' })
