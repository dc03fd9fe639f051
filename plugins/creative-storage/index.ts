import path from 'node:path'
import { fileURLToPath } from 'node:url'
import fp from 'fastify-plugin'
import type { CreativeStorage } from './contract.ts'
import { createFileStorage } from './files.ts'

export type { CreativeStorage, StagedFile } from './contract.ts'

declare module 'fastify' {
  interface FastifyInstance { creativeStorage: CreativeStorage }
}

/** Offers `creativeStorage`: files under STORAGE_URL, or under DATA_DIR. */
export default fp(async (fastify) => {
  const { config } = fastify
  const folder = config.STORAGE_URL === undefined ? path.resolve(config.DATA_DIR, 'uploads') : fileURLToPath(config.STORAGE_URL)
  fastify.decorate('creativeStorage', await createFileStorage(folder))
}, { name: 'creative-storage', fastify: '5.x' })
