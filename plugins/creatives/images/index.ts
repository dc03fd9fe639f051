import fp from 'fastify-plugin'
import type { Images } from './contract.ts'
import { restrictDecoders } from './decode.ts'
import { createBudget } from './weighted-semaphore.ts'
import { createImages } from './process.ts'

export type { ImageFile, Images, ProcessedImage, RemovedKind } from './contract.ts'

declare module 'fastify' {
  interface FastifyInstance { images: Images }
}

/** For all decoding of the process at once: one image after the other, since the cheapest takes more than half. With 16 clients this keeps the process within 100 MB of idle. */
const budgetBytes = 64 * 1024 * 1024

/** The dearest image that is allowed took a second; a slow machine under load may take twenty times as long. */
const decodeSeconds = 20

/** Offers `images`. It needs nothing; its work goes on in the threads of the process and is awaited by whoever asked. */
export default fp(async (fastify) => {
  restrictDecoders()
  fastify.decorate('images', createImages({ budget: createBudget(budgetBytes), decodeSeconds }))
}, { name: 'images', fastify: '5.x' })
