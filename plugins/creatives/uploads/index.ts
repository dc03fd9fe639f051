import fp from 'fastify-plugin'
import { createAddition } from './create.ts'
import type { Uploads } from './contract.ts'
import { createIntake } from './pipeline.ts'
import { createReplacement } from './replace.ts'

export type { Uploads, UploadForm } from './contract.ts'

declare module 'fastify' {
  interface FastifyInstance { uploads: Uploads }
}

/** Offers `uploads`. */
export default fp(async (fastify) => {
  const intake = createIntake(fastify)
  fastify.decorate('uploads', { add: createAddition(fastify, intake), replace: createReplacement(fastify, intake) })
}, { name: 'uploads', dependencies: ['postgres', 'blob-store', 'image-ledger', 'images', 'schedule-days'], fastify: '5.x' })
