import fp from 'fastify-plugin'
import { repeatEvery } from '../../../src/process/periodic.ts'
import { createDeletion, type CreativeDeletion } from './delete.ts'
import { createImageAccess, type CreativeImageAccess } from './images.ts'
import { createReading, type CreativeReading } from './read.ts'
import { createUpdating, type CreativeUpdating } from './update.ts'

export type { CreativeUpdate } from './update.ts'
export type { FoundImage, ImageRequest } from './images.ts'

/** Reads, changes, deletes and restores creatives, and serves their images. Uploads create them and replace their images. */
export interface Creatives extends CreativeReading, CreativeUpdating, CreativeDeletion, CreativeImageAccess {}

declare module 'fastify' {
  interface FastifyInstance { creatives: Creatives }
}

const purgeEveryMs = 60_000

/**
 * Reads, changes, deletes and restores creatives. Each instance purges deleted creatives every minute; close interrupts a purge
 * after the current creative.
 */
export default fp(async (fastify) => {
  const deletion = createDeletion(fastify)
  fastify.decorate('creatives', { ...createReading(fastify), ...createUpdating(fastify), ...createImageAccess(fastify), ...deletion })
  repeatEvery(fastify, { everyMs: purgeEveryMs, run: deletion.purge, failure: 'deleted creatives could not be purged' })
}, { name: 'creatives', dependencies: ['postgres', 'blob-store', 'secrets', 'schedule', 'image-quota'], fastify: '5.x' })
