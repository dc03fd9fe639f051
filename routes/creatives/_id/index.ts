import type { FastifyPluginAsync } from 'fastify'
import deletion from './deletion.ts'
import details from './details.ts'
import replacement from './replacement.ts'

/** Registers the routes of one creative. */
const creativeRoutes: FastifyPluginAsync = async (fastify) => {
  await fastify.register(details)
  await fastify.register(deletion)
  await fastify.register(replacement)
}

export default creativeRoutes
