import path from 'node:path'
import fp from 'fastify-plugin'
import { parseStorageUrl } from '../../src/storage-location.ts'
import type { CreativeStorage } from './contract.ts'
import { createFileStorage } from './files.ts'

export type { CreativeStorage, StagedFile } from './contract.ts'

declare module 'fastify' {
  interface FastifyInstance { creativeStorage: CreativeStorage }
}

/** Offers `creativeStorage`: files under STORAGE_URL, or under DATA_DIR. */
export default fp(async (fastify) => {
  const { config } = fastify
  const location = config.STORAGE_URL === undefined ? undefined : parseStorageUrl(config.STORAGE_URL)
  const folder = location?.kind === 'file' ? location.folder : path.resolve(config.DATA_DIR, 'uploads')
  fastify.decorate('creativeStorage', await createFileStorage(folder))
}, { name: 'creative-storage', fastify: '5.x' })
