import type { FastifyPluginAsync } from 'fastify'
import details from './details.ts'

const creativeRoutes: FastifyPluginAsync = async (fastify) => {
  await fastify.register(details)
}

export default creativeRoutes
