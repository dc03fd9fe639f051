import fp from 'fastify-plugin'
import type { Images } from './contract.ts'
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

/**
 * Processes uploaded images. Decoding runs in the thread pool of libuv; callers await it, so close needs no hook. The first upload
 * loads sharp, which takes 70 ms and 22 MB.
 */
export default fp(async (fastify) => {
  let images: Promise<Images> | undefined

  async function load (): Promise<Images> {
    const [{ restrictDecoders }, { createImages }] = await Promise.all([import('./decode.ts'), import('./process.ts')])
    restrictDecoders()
    return createImages({ decodeMemory: createWeightedSemaphore(decodeMemoryBytes), decodeSeconds })
  }

  fastify.decorate('images', { process: async (path, signal) => await (await (images ??= load())).process(path, signal) })
}, { name: 'images', fastify: '5.x' })
