import type { FastifyPluginAsync } from 'fastify'

/** For signed-in users. */
const signedIn: FastifyPluginAsync = async (fastify) => {
  fastify.addHook('onRequest', fastify.authenticate)
  fastify.addHook('onRequest', fastify.requireUser)
}

export default signedIn
