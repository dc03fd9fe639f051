import type { FastifyPluginAsync } from 'fastify'

/** Access: a signed link, or a user who may see the creative. The token is optional here, and the service checks both. */
const linkOrToken: FastifyPluginAsync = async (fastify) => {
  fastify.addHook('onRequest', fastify.authenticate)
}

export default linkOrToken
