import type { FastifyPluginAsync } from 'fastify'

/** For whoever holds a signed link, or is signed in and may see the creative: the service decides which. */
const linkOrToken: FastifyPluginAsync = async (fastify) => {
  fastify.addHook('onRequest', fastify.authenticate)
}

export default linkOrToken
