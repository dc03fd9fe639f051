import type { FastifyPluginAsync } from 'fastify'
import deletion from './deletion.ts'
import replacement from './replacement.ts'

const creativeRoutes: FastifyPluginAsync = async (fastify) => {
  await fastify.register(deletion)
  await fastify.register(replacement)
}

export default creativeRoutes
