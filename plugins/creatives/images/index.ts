import fp from 'fastify-plugin'
import type { Images } from './contract.ts'
import { restrictDecoders } from './decode.ts'
import { createImages } from './process.ts'
import { createWeightedSemaphore } from './weighted-semaphore.ts'

export type { Images, ProcessedImage, RemovedKind } from './contract.ts'

declare module 'fastify' {
  interface FastifyInstance { images: Images }
}

/**
 * Memory for all concurrent decoding of the process. Each image needs more than half of it, so images are decoded one after
 * the other. With 16 uploading clients the process then stays within 100 MB of its idle size.
 */
const decodeMemoryBytes = 64 * 1024 * 1024

/** The most expensive allowed image took one second; a slow machine under load may take twenty times as long. */
const decodeSeconds = 20

/** Processes uploaded images. Decoding runs in the thread pool of libuv; callers await it, so close needs no hook. */
export default fp(async (fastify) => {
  restrictDecoders()
  fastify.decorate('images', createImages({ decodeMemory: createWeightedSemaphore(decodeMemoryBytes), decodeSeconds }))
}, { name: 'images', fastify: '5.x' })
