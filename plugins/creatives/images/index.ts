import fp from 'fastify-plugin'
import type { Images } from './contract.ts'
import { createWeightedSemaphore } from './weighted-semaphore.ts'

export type { Images, ProcessedImage, RemovedKind } from './contract.ts'

declare module 'fastify' {
  interface FastifyInstance { images: Images }
}

/**
 * Most images that are decoded at the same time. The thread pool of libuv has four threads, which also read files and resolve names.
 * Two images let a small one pass a large one.
 */
const concurrentDecodings = 2

/** The most expensive allowed image took ten seconds; a slow machine under load may take several times as long. */
const decodeSeconds = 40

async function loadDecoder () {
  const { restrictDecoders } = await import('./decode.ts')
  const { createImages } = await import('./process.ts')
  return { restrictDecoders, createImages }
}

/**
 * Processes uploaded images, within `IMAGE_MEMORY_BYTES` for all decoding together. Decoding runs in the thread pool of libuv; callers
 * await it, so close needs no hook. The first upload loads sharp, which takes 70 ms and 22 MB.
 */
export default fp(async (fastify) => {
  const { imageMemoryBytes: memoryBytes } = fastify.config.creatives
  let images: Promise<Images> | undefined

  async function load (): Promise<Images> {
    const { restrictDecoders, createImages } = await loadDecoder()
    restrictDecoders()
    const [decodeMemory, decoding] = [createWeightedSemaphore(memoryBytes), createWeightedSemaphore(concurrentDecodings)]
    return createImages({ memoryBytes, decodeMemory, decoding, decodeSeconds })
  }

  fastify.decorate('images', { process: async (path, signal) => await (await (images ??= load())).process(path, signal) })
}, { name: 'images', fastify: '5.x' })
